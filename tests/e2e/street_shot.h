/// The sample street, rendered into a test's own folder by the real program.
#pragma once

#include "base/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>

#include <map>
#include <string>

namespace platefall::test {

/// A real comp: plate, clean plate inside the building's matte, foreground on top.
struct StreetShot {
    TempFolder folder;
    std::string frames = "1001-1012";

    StreetShot() { write_manifest(); }

    void write_manifest(const std::string& more_output = {}) const
    {
        const std::string samples = PLATEFALL_SAMPLES_DIR "/street";
        write_file_atomically(
            folder / "shot.toml",
            fmt::format(R"([shot]
name = "street"
frames = "{1}"

[plate]
path = "{0}/plate/street.####.exr"

[layer.clean]
path = "{0}/clean/street.####.exr"

[matte.building]
path = "{0}/matte/building/street.####.exr"
grow = 4
feather = 2

[matte.foreground]
path = "{0}/matte/foreground/street.####.exr"

[[stage]]
use = "comp"
layers = ["plate", {{ name = "clean", matte = "building" }}, "matte.foreground"]

[output]
path = "out/street.####.exr"
{2})",
                        samples, frames, more_output));
    }

    Outcome render(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {"render", (folder / "shot.toml").string(), "--progress", "none"});
        return platefall(std::move(more));
    }

    /// Name and content of everything in the output folder but the reports, which say when they were made.
    static bool tells_when_it_was_made(const std::string& name)
    {
        for (const char* ending : {".record", ".provenance.json", ".report.html", ".sheet.png", ".preview.mp4"})
            if (name.ends_with(ending))
                return true;
        return false;
    }
    std::map<std::string, std::string> output() const
    {
        std::map<std::string, std::string> files;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(folder / "out", none))
            if (const std::string name = entry.path().filename().string(); !tells_when_it_was_made(name))
                files[name] = read_text_file(entry.path());
        return files;
    }
};

}  // namespace platefall::test
