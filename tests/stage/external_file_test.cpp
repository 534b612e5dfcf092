#include "stage/external_file.h"

#include "base/files.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace platefall {
namespace {

using test::error_of;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

/// $PLATEFALL_PLUGIN_PATH as long as it lives.
struct PluginPath {
    explicit PluginPath(const std::string& value) { ::setenv("PLATEFALL_PLUGIN_PATH", value.c_str(), 1); }
    ~PluginPath() { ::unsetenv("PLATEFALL_PLUGIN_PATH"); }
};

TEST(ExternalFile, KindsAreToldFromNames)
{
    EXPECT_EQ(split_external("exec:night.py").kind, "exec");
    EXPECT_EQ(split_external("lib:a:b").what, "a:b");
    EXPECT_EQ(split_external("comp").kind, "");
    EXPECT_EQ(split_external("library:x").kind, "");
}

TEST(ExternalFile, NameAloneIsLookedForBesideTheManifestAndThenInThePluginPath)
{
    const TempFolder manifest, first, second;
    const PluginPath path((first / "x").parent_path().string() + "::" + (second / "x").parent_path().string());
    write_file_atomically(second / "libnight.so", "");
    EXPECT_EQ(locate("lib", "night", manifest / "."), second / "libnight.so");
    write_file_atomically(first / "night.so", "");
    EXPECT_EQ(locate("lib", "night", manifest / "."), first / "night.so");
    write_file_atomically(manifest / "night", "");
    EXPECT_EQ(locate("lib", "night", manifest / "."), (manifest / "night").lexically_normal());
    write_file_atomically(first / "fill.onnx", "");
    EXPECT_EQ(locate("onnx", "fill", manifest / "."), first / "fill.onnx");
}

TEST(ExternalFile, PathIsRelativeToTheManifestAndNothingElse)
{
    const TempFolder manifest, other;
    const PluginPath path((other / "x").parent_path().string());
    write_file_atomically(manifest / "models/fill.onnx", "");
    write_file_atomically(other / "models/none.onnx", "");
    EXPECT_EQ(locate("onnx", "models/fill.onnx", manifest / "."), (manifest / "models/fill.onnx").lexically_normal());
    EXPECT_EQ(locate("onnx", "./models/../models/fill.onnx", manifest / "."), (manifest / "models/fill.onnx").lexically_normal());
    EXPECT_EQ(locate("onnx", (other / "models/none.onnx").string(), manifest / "."), other / "models/none.onnx");
    EXPECT_THAT(error_of([&] { locate("onnx", "models/none.onnx", manifest / "."); }), HasSubstr("there is no model '"));
}

TEST(ExternalFile, VariablesAreExpanded)
{
    const TempFolder manifest;
    write_file_atomically(manifest / "night.so", "");
    ::setenv("PLATEFALL_TEST_FOLDER", (manifest / ".").c_str(), 1);
    EXPECT_EQ(locate("lib", "$PLATEFALL_TEST_FOLDER/night.so", "/"), (manifest / "night.so").lexically_normal());
}

TEST(ExternalFile, WhereItWasLookedForIsSaid)
{
    const TempFolder manifest;
    const PluginPath path("/some/plugins");
    EXPECT_THAT(error_of([&] { locate("lib", "night", manifest / "."); }),
                AllOf(HasSubstr("there is no plug-in 'night' in '"), HasSubstr("'/some/plugins'"), HasSubstr("platefall/plugins'"),
                      HasSubstr("; put it there, or name its folder in PLATEFALL_PLUGIN_PATH")));
    EXPECT_EQ(error_of([&] { locate("exec", "", manifest / "."); }), "'exec:' names no program");
}

TEST(ExternalFile, ModelOfAParameterIsPointedAt)
{
    const TempFolder manifest;
    write_file_atomically(manifest / "fill.onnx", "");
    const auto model = [&](const std::string& text) {
        Faults faults;
        const Params params = Params::check({{{"prior", {}, {text, {"shot.toml", 3, 9, "prior = …"}}}}, {}},
                                            {param::text("prior", "A model.")}, "the stage", manifest / ".", faults);
        return locate_model(params, "prior");
    };
    EXPECT_EQ(model("onnx:fill"), (manifest / "fill.onnx").lexically_normal());
    EXPECT_THAT(error_of([&] { model("fill.onnx"); }),
                HasSubstr("shot.toml:3:9: 'prior' must begin with \"onnx:\", as in \"onnx:model.onnx\""));
    EXPECT_THAT(error_of([&] { model("onnx:./none.onnx"); }), HasSubstr("shot.toml:3:9: there is no model '"));
}

}  // namespace
}  // namespace platefall
