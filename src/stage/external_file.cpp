#include "stage/external_file.h"

#include "base/subprocess.h"
#include "shot/manifest.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include <dlfcn.h>
#include <unistd.h>

namespace platefall {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 3> kKinds{"lib", "exec", "onnx"};

bool is_file(const fs::path& path)
{
    std::error_code none;
    return fs::is_regular_file(path, none);
}

/// The folder of the library that this code is in, which is LIBDIR of an installation.
fs::path own_library_folder()
{
    static const int here = 0;
    Dl_info info{};
    if (::dladdr(&here, &info) == 0 || !info.dli_fname)
        return {};
    std::error_code none;
    return fs::weakly_canonical(info.dli_fname, none).parent_path();
}

std::vector<std::string> file_names(const std::string& kind, const std::string& what)
{
    if (kind == "lib")
        return {what, what + ".so", "lib" + what + ".so"};
    if (kind == "onnx")
        return {what, what + ".onnx"};
    return {what};
}

/// A program that may not be executed is most often a script.
fs::path checked(const std::string& kind, const fs::path& file)
{
    if (kind == "exec" && ::access(file.c_str(), X_OK) != 0)
        throw Error(fmt::format("'{}' may not be executed: chmod +x it, or name its interpreter, as in use = "
                                "\"exec:python3\" with arguments = [\"{}\"]",
                                file.string(), file.filename().string()));
    return file;
}

std::string noun(const std::string& kind)
{
    return kind == "lib" ? "plug-in" : kind == "exec" ? "program" : "model";
}

std::vector<fs::path> plugin_folders(const fs::path& manifest_folder)
{
    std::vector<fs::path> folders{manifest_folder};
    const char* variable = std::getenv("PLATEFALL_PLUGIN_PATH");
    std::istringstream listed(variable ? variable : "");
    for (std::string folder; std::getline(listed, folder, ':');)
        if (!folder.empty())
            folders.emplace_back(folder);
    if (const fs::path library = own_library_folder(); !library.empty())
        folders.push_back(library / "platefall/plugins");
    return folders;
}

}  // namespace

ExternalName split_external(const std::string& text)
{
    for (const std::string_view kind : kKinds)
        if (text.starts_with(kind) && text.substr(kind.size()).starts_with(':'))
            return {std::string(kind), text.substr(kind.size() + 1)};
    return {"", text};
}

fs::path locate(const std::string& kind, const std::string& what, const fs::path& manifest_folder)
{
    const std::string name = expand_variables(what);
    if (name.empty())
        throw Error(fmt::format("'{}:' names no {}", kind, noun(kind)));
    const bool has_folder = name.find('/') != std::string::npos;
    const std::vector<fs::path> folders =
        has_folder ? std::vector<fs::path>{manifest_folder} : plugin_folders(manifest_folder);
    for (const fs::path& folder : folders)
        for (const std::string& file : has_folder ? std::vector{name} : file_names(kind, name))
            if (is_file(folder / file))
                return checked(kind, fs::absolute(folder / file).lexically_normal());
    if (kind == "exec" && !has_folder)
        if (const std::string program = find_program(name); !program.empty())
            return program;

    if (has_folder)
        throw Error(fmt::format("there is no {} '{}'", noun(kind), (manifest_folder / name).lexically_normal().string()));
    std::string looked;
    for (const fs::path& folder : folders)
        looked += fmt::format("{}'{}'", looked.empty() ? "" : ", ", folder.string());
    throw Error(fmt::format("there is no {} '{}' in {}{}; put it there, or name its folder in PLATEFALL_PLUGIN_PATH",
                            noun(kind), name, looked, kind == "exec" ? " or PATH" : ""));
}

fs::path locate_model(const Params& params, std::string_view name)
{
    const auto [kind, what] = split_external(params.text(name));
    if (kind != "onnx")
        throw params.error(name, fmt::format("'{}' must begin with \"onnx:\", as in \"onnx:model.onnx\"", name));
    try {
        return locate(kind, what, params.folder());
    } catch (const Error& error) {
        throw params.error(name, error.what());
    }
}

}  // namespace platefall
