/// A shot of four small frames whose one stage comes from outside.
#pragma once

#include "base/files.h"
#include "image/read.h"
#include "support/program.h"
#include "support/tiny_shot.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace platefall::test {

struct ExternalShot : TinyShot {
    std::string use;
    std::vector<std::pair<std::string, std::string>> environment;

    /// The system's own Python comes first: it is the one that numpy was installed for.
    explicit ExternalShot(std::string stage)
        : use(std::move(stage)), environment{{"PATH", "/usr/bin:/bin:" + std::string(std::getenv("PATH"))}}
    {
        write_plates();
    }

    /// A script beside the manifest that can find platefall_stage.py.
    void write_script(const std::string& name, const std::string& text)
    {
        write_file_atomically(folder / name, text);
        std::filesystem::permissions(folder / name, std::filesystem::perms(0755));
        environment.emplace_back("PYTHONPATH", PLATEFALL_SAMPLES_DIR "/plugins/python");
    }

    Outcome run(const std::string& command, const std::string& stage = {}, std::vector<std::string> more = {"--allow-external"})
    {
        write_file_atomically(folder / "tiny.toml",
                              manifest_text("type = \"float\"\n[[stage]]\nuse = \"" + use + "\"\n" + stage));
        more.insert(more.begin(), {command, (folder / "tiny.toml").string()});
        if (command == "render")
            more.insert(more.end(), {"--progress", "none"});
        return platefall(more, {.environment = environment});
    }

    Outcome render(const std::string& stage = {}, std::vector<std::string> more = {"--allow-external"})
    {
        return run("render", stage, std::move(more));
    }

    std::filesystem::path file(int frame) const { return folder / ("out/tiny." + std::to_string(frame) + ".exr"); }
    Image result(int frame) const { return read_image(file(frame)).image; }
};

}  // namespace platefall::test
