/// The manifest as it is written: TOML in, a table with origins out. What the keys mean is not known here.
#pragma once

#include "base/hash.h"

#include <platefall/params.h>

#include <filesystem>
#include <string>
#include <vector>

namespace platefall {

struct Manifest {
    std::filesystem::path path;    ///< absolute
    std::filesystem::path folder;  ///< relative paths in the manifest start here
    ParamTable root;
    Digest content;                ///< of the text, comments included
    std::vector<std::string> settings{};   ///< applied since, as they were given
};

/// Throws Error at once only for a file that cannot be read, is not TOML (with line, column and the line), or
/// holds a date or a time, which no parameter can be.
Manifest read_manifest(const std::filesystem::path& path);

/// The same from text; `path` is only for messages, which have it as it is given here, and for the folder.
Manifest parse_manifest(const std::string& text, const std::filesystem::path& path);

/// `--set plate.path=x`, `--set collapse.seed=3`: sets a key of a table ([shot], [plate], [matte.NAME] as
/// matte.NAME.key, ...) or of the stage with that `use`; `comp#2.key` is the second such stage. The value is
/// read as TOML; it is a string where that fails, and where the manifest already has a string for the key
/// (so that shot.frames=1001 needs no quotes). A section that the manifest leaves out is added. Whether the
/// key exists is checked with the rest of the manifest. Faults: no '=', no '.', no such table or stage (with
/// "did you mean"), two stages of that name. They begin with `said_by`, by default "--set " and the setting.
void apply_setting(Manifest& manifest, const std::string& setting, Faults& faults, const std::string& said_by = {});

/// $VAR and ${VAR} from the environment; $$ is a dollar sign. Throws Error naming the variable when it is
/// not set. Params::path calls it; no other value is expanded.
std::string expand_variables(const std::string& text);

/// Faults that begin with a place in the manifest ("FILE:LINE:COLUMN: ...") in the order of those places,
/// then the others as they came.
std::vector<std::string> in_file_order(std::vector<std::string> faults, const Manifest& manifest);

}  // namespace platefall
