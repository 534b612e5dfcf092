/// Code and models that a manifest names by where they are: "lib:WHAT", "exec:WHAT", "onnx:WHAT".
#pragma once

#include <platefall/params.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace platefall {

/// "exec:night.py" as "exec" and "night.py"; of anything else the kind is "".
struct ExternalName {
    std::string kind;   ///< "lib", "exec", "onnx" or ""
    std::string what;
};
ExternalName split_external(const std::string& text);

/// The file behind "lib:WHAT", "exec:WHAT" or "onnx:WHAT", absolute. $VAR is expanded. With a '/' it is taken relative to
/// the manifest; otherwise it is looked for beside the manifest, in the folders of $PLATEFALL_PLUGIN_PATH (':' between them),
/// and in LIBDIR/platefall/plugins of the installation: a library also as WHAT.so and libWHAT.so, a model as WHAT.onnx,
/// and a program in PATH too. Throws Error saying where it was looked for, or that a program may not be executed.
std::filesystem::path locate(const std::string& kind, const std::string& what, const std::filesystem::path& manifest_folder);

/// The model behind a text parameter "onnx:WHAT". Throws Error pointing at it when it begins otherwise, or is not there.
std::filesystem::path locate_model(const Params& params, std::string_view name);

}  // namespace platefall
