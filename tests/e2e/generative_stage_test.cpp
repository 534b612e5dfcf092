/// The samples that hand the clean plate to other programs: G'MIC, and a server that speaks as ComfyUI does.
#include "e2e/external_shot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <thread>

namespace platefall::test {
namespace {

using testing::HasSubstr;

const std::string kSamples = PLATEFALL_SAMPLES_DIR "/plugins/python/";

/// The tiny shot with a hole in the middle, 8 pixels wide, half covered at its left edge.
struct HoleShot : ExternalShot {
    explicit HoleShot(const std::string& sample) : ExternalShot("exec:" + kSamples + sample)
    {
        Image matte({0, 0, 32, 16}, {0, 0, 32, 16}, {{"A"}});
        for (int y = 4; y < 12; ++y)
            for (int x = 12; x < 20; ++x)
                *matte.pixel(x, y) = x == 12 ? 0.5f : 1.0f;
        write_exr(folder / "matte.exr", matte, {});
    }

    Outcome make(const std::string& stage, std::vector<std::string> more = {"--allow-external", "--frames", "1001"})
    {
        return render("matte = \"hole\"\n" + stage
                          + "[matte.hole]\npath = \"matte.exr\"\nchannel = \"A\"\n",
                      std::move(more));
    }
};

/// Outside of the hole the plate bit for bit, and nothing generated.
void expect_plate_outside(const Image& result)
{
    const Image plate = plate_picture(1001);
    const int generated = *result.channel_index("generated");
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 32; ++x) {
            const bool inside = x >= 12 && x < 20 && y >= 4 && y < 12;
            for (int c = 0; c < 3 && !inside; ++c)
                ASSERT_EQ(result.pixel(x, y)[c], plate.pixel(x, y)[c]) << x << "," << y;
            ASSERT_EQ(result.pixel(x, y)[generated], inside ? (x == 12 ? 0.5f : 1.0f) : 0.0f) << x << "," << y;
        }
}

TEST(GmicStage, FillsTheHoleAndLeavesTheRest)
{
    HoleShot shot("gmic_clean_plate.py");
    for (const char* method : {"patch", "morphological"}) {
        const Outcome outcome = shot.make(std::string("patch = 3\nmethod = \"") + method + "\"\n[[stage]]\nuse = \"comp\"\nlayers = [\"clean\"]\n");
        ASSERT_EQ(outcome.status, 0) << outcome.err;
        const Image result = shot.result(1001);
        expect_plate_outside(result);
        EXPECT_NEAR(result.pixel(16, 8)[2], 4, 0.1);    // above 1 all around, and in the hole
        EXPECT_GT(result.pixel(16, 8)[0], 0.9f);
    }
}

TEST(GmicStage, SaysThatGmicIsMissing)
{
    HoleShot shot("gmic_clean_plate.py");
    std::filesystem::create_directory(shot.folder / "bin");
    std::filesystem::create_symlink("/usr/bin/python3", shot.folder / "bin/python3");
    shot.environment.emplace_back("PATH", (shot.folder / "bin").string());
    shot.use = "exec:/usr/bin/env";
    EXPECT_THAT(shot.make("arguments = [\"python3\", \"" + kSamples + "gmic_clean_plate.py\"]\n").err,
                HasSubstr("G'MIC is not installed: apt-get install gmic"));
}

struct ComfyShot : HoleShot {
    ComfyShot()
        : HoleShot("comfyui.py"), server({"/usr/bin/python3", PLATEFALL_TESTS_DIR "/e2e/comfyui_server.py", (folder / "port").string()})
    {
        while (!std::filesystem::exists(folder / "port"))
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ~ComfyShot() { server.signal(SIGKILL); }

    Outcome ask(const std::string& stage = {}, std::vector<std::string> more = {"--allow-external", "--frames", "1001"})
    {
        return make("workflow = \"" + kSamples + "comfyui_workflow.json\"\nserver = \"http://127.0.0.1:"
                        + read_text_file(folder / "port") + "\"\n" + stage
                        + "[[stage]]\nuse = \"comp\"\nlayers = [\"clean\"]\n",
                    std::move(more));
    }

    Process server;
};

TEST(ComfyuiStage, SendsTheFrameAndTakesTheResultInTheMatteOnly)
{
    ComfyShot shot;
    const Outcome outcome = shot.ask("values = [\"prompt.text=an empty = sky\", \"KSampler.steps=30\"]\n");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image result = shot.result(1001);
    expect_plate_outside(result);
    EXPECT_GT(result.pixel(16, 8)[1], 50);           // full green is far above white
    EXPECT_LT(result.pixel(16, 8)[2], 0.1f);

    const auto workflow = nlohmann::json::parse(read_text_file(shot.folder / "workflow.json"));
    EXPECT_EQ(workflow["1"]["inputs"]["image"], "platefall_tiny_1001_plate.png");
    EXPECT_EQ(workflow["2"]["inputs"]["image"], "platefall_tiny_1001_matte.png");
    EXPECT_EQ(workflow["4"]["inputs"]["text"], "an empty = sky");
    EXPECT_EQ(workflow["7"]["inputs"]["steps"], 30);
}

TEST(ComfyuiStage, WhatTheServerRefusesIsSaidInItsWords)
{
    ComfyShot shot;
    EXPECT_THAT(shot.ask("values = [\"KSampler.steps=13\"]\n").err,
                HasSubstr("the workflow failed: KSampler: CUDA out of memory"));
    EXPECT_THAT(shot.ask("values = [\"KSampler.steps=14\"]\n").err,
                HasSubstr("refuses /prompt: Prompt outputs failed validation; node 7: Value not in list (sampler)"));
    EXPECT_THAT(shot.ask("values = [\"KSampler.steps=16\"]\n").err,
                HasSubstr("the workflow's result has 384 pixels, and the plate 32x16: let it end with the size that it began with"));
}

TEST(ComfyuiStage, WrongSettingsPointAtTheirLine)
{
    ComfyShot shot;
    EXPECT_THAT(shot.ask("values = [\"KSampler.step=1\"]\n").err,
                HasSubstr("tiny.toml:14:10: the node 'KSampler' has no input 'step' (it has: seed, steps, cfg, "));
    EXPECT_THAT(shot.ask("values = [\"Sampler.steps=1\"]\n").err,
                HasSubstr("the workflow has 0 nodes with the title 'Sampler', and needs one"));
    EXPECT_THAT(shot.ask("values = [\"steps\"]\n").err, HasSubstr("'steps' is not of the form TITLE.INPUT=VALUE"));
    write_file_atomically(shot.folder / "editor.json", R"({"nodes": []})");
    EXPECT_THAT(shot.make("workflow = \"editor.json\"\n").err,
                HasSubstr("the workflow was saved for the editor; export it for the API"));
}

TEST(ComfyuiStage, ServerThatIsNotThereIsNamed)
{
    HoleShot shot("comfyui.py");
    const Outcome outcome = shot.make("workflow = \"" + kSamples + "comfyui_workflow.json\"\nserver = \"http://127.0.0.1:9\"\n[[stage]]\nuse = \"comp\"\nlayers = [\"clean\"]\n");
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("no answer from the server at http://127.0.0.1:9: [Errno 111] Connection refused; start "
                                       "ComfyUI there, or name another one with server"));
}

TEST(ComfyuiStage, ServerIsToldToStopAsWell)
{
    ComfyShot shot;
    shot.ask("values = [\"KSampler.steps=15\"]\n", {"--allow-external", "--frames", "1001", "--set", "output.path=/dev/null/no.####.exr"});
    Process process({"env", "PATH=" + shot.environment.front().second, PLATEFALL_PROGRAM, "render",
                     (shot.folder / "tiny.toml").string(), "--allow-external", "--progress", "none", "--frames", "1001"});
    for (int i = 0; i < 2000 && !std::filesystem::exists(shot.folder / "workflow.json"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait().status, 75);
    for (int i = 0; i < 300 && !std::filesystem::exists(shot.folder / "interrupted"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(std::filesystem::exists(shot.folder / "interrupted"));
}

}  // namespace
}  // namespace platefall::test
