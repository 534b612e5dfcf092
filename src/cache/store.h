/// Results that are worth keeping, on disk, each under the key of everything it depends on.
#pragma once

#include "base/hash.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace platefall {

/// A folder of results: FOLDER/KIND/KEY/. A result appears in one step or not at all, is never changed
/// afterwards, and may be deleted by hand at any time between runs.
class Store {
public:
    explicit Store(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// The result's folder. Nothing when there is none, or when one of its files has lost its length since it
    /// was stored (such a result is removed).
    std::optional<std::filesystem::path> find(const std::string& kind, const Digest& key) const;

    /// Calls `fill` with an empty temporary folder, which then becomes the result. When another process has
    /// stored the same key meanwhile, its result stays and ours is dropped: equal keys mean equal content.
    /// Whatever `fill` throws comes out, and nothing is stored. Throws Error when the disk does not take it.
    std::filesystem::path put(const std::string& kind, const Digest& key,
                              const std::function<void(const std::filesystem::path&)>& fill) const;

private:
    std::filesystem::path folder_;
};

}  // namespace platefall
