/// Values changed in a manifest's text, and nothing else: comments, order and alignment stay.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace platefall {

/// How the value of a key, named as for apply_setting(), is written in the manifest; nothing where it is left out. Throws Error
/// for text that is no manifest, and for a table that is not there.
std::optional<std::string> written_value(const std::string& text, const std::filesystem::path& path, const std::string& name);

/// The text with the value that apply_setting() would give the key. Where the key is left out, it is added as the last one of
/// its table. Comments after the value keep their column as far as there is room.
///
/// Throws Error saying what to type by hand where that cannot be done without losing something: a value that is written over
/// several lines, a table that is written as dotted keys. The new text has been parsed again, and means what was wanted.
std::string with_value(const std::string& text, const std::filesystem::path& path, const std::string& name,
                       const std::string& value);

}  // namespace platefall
