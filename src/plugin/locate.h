/// Where plug-ins, programs and models are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platefall::plugin {

/// Beside the manifest, then $PLATEFALL_PLUGIN_PATH (folders with ':' between them), then where platefall is installed:
/// LIBDIR/platefall/plugins.
std::vector<std::filesystem::path> plugin_folders(const std::filesystem::path& manifest_folder);

/// The file behind "lib:WHAT", "exec:WHAT" or "onnx:WHAT", absolute. $VAR is expanded. With a '/' it is taken relative to
/// the manifest; otherwise the folders are looked through: a library also as WHAT.so and libWHAT.so, a model as WHAT.onnx,
/// and a program in PATH too. Throws Error saying where it was looked for, or that a program may not be executed.
std::filesystem::path locate(const std::string& kind, const std::string& what, const std::filesystem::path& manifest_folder);

}  // namespace platefall::plugin
