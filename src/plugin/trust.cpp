#include "plugin/trust.h"

#include "base/files.h"
#include "shot/manifest.h"

#include <platefall/params.h>

#include <algorithm>
#include <cstdlib>

namespace platefall::plugin {
namespace fs = std::filesystem;
namespace {

const ParamSpecs& user_params()
{
    static const ParamSpecs specs{param::texts(
        "allow_external",
        "Programs, libraries and models that manifests may run: absolute paths; one that ends in '/' is a folder with all "
        "that is below it.")};
    return specs;
}

bool is_below(const fs::path& file, const fs::path& folder)
{
    const auto [in_folder, in_file] = std::ranges::mismatch(folder, file);
    return in_folder == folder.end();
}

}  // namespace

fs::path Trust::user_file()
{
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config)
        return fs::path(config) / "platefall/config.toml";
    if (const char* home = std::getenv("HOME"); home && *home)
        return fs::path(home) / ".config/platefall/config.toml";
    return {};
}

Trust Trust::from_user(bool all)
{
    Trust trust;
    trust.all_ = all;
    const fs::path file = user_file();
    std::error_code none;
    if (all || file.empty() || !fs::exists(file, none))
        return trust;
    const Manifest user = read_manifest(file);
    Faults faults;
    const Params params = Params::check(user.root, user_params(), "the user's file", user.folder, faults);
    faults.throw_if_any();
    for (const std::string& text : params.texts("allow_external")) {
        const fs::path path = expand_variables(text);
        if (!path.is_absolute())
            throw params.error("allow_external", "'" + text + "' is not an absolute path",
                               "a path like $HOME/plugins/night.so");
        const bool is_folder = text.ends_with('/');
        const fs::path real = fs::weakly_canonical(is_folder ? path.parent_path() : path, none);
        (is_folder ? trust.folders_ : trust.files_).push_back(real);
    }
    return trust;
}

bool Trust::allows(const fs::path& file) const
{
    if (all_)
        return true;
    std::error_code none;
    const fs::path real = fs::weakly_canonical(file, none);
    return std::ranges::find(files_, real) != files_.end()
           || std::ranges::any_of(folders_, [&](const fs::path& folder) { return is_below(real, folder); });
}

}  // namespace platefall::plugin
