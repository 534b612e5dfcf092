/// Whose code may run. A manifest from somebody else must not be able to run any.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platefall::plugin {

/// What the command line and the user's own file allow.
class Trust {
public:
    /// Nothing.
    Trust() = default;

    /// Everything with `all`; otherwise what `allow_external` in the user's config.toml lists: files and, with a '/' at the
    /// end, folders with all that is below them. Throws Error for a file that is not what it should be.
    static Trust from_user(bool all);

    /// $XDG_CONFIG_HOME/platefall/config.toml, or ~/.config/platefall/config.toml; "" without a home.
    static std::filesystem::path user_file();

    /// A file is known by what it really is, links followed.
    bool allows(const std::filesystem::path& file) const;

private:
    bool all_ = false;
    std::vector<std::filesystem::path> files_, folders_;
};

}  // namespace platefall::plugin
