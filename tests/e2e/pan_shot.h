/// A small pan over a wall with somebody in front of it, and a manifest that takes him out.
#pragma once

#include "base/files.h"
#include "cleanplate/moving_picture.h"
#include "image/read.h"
#include "image/write.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace platefall::test {

struct PanShot {
    TempFolder folder;
    Window display{0, 0, 160, 90}, window = display;
    Window hole{64, 30, 98, 64};             ///< the matte, in every frame
    int first = 1001, last = 1006;
    double step_px = 5.3;
    std::vector<Channel> channels{{"R", ChannelType::full_float},
                                  {"G", ChannelType::full_float},
                                  {"B", ChannelType::full_float}};

    /// Nothing is written yet; a test may change its size first.
    void write() const
    {
        for (int frame = first; frame <= last; ++frame) {
            write_plate(frame, plate(frame));
            write_matte(frame, hole);
        }
        write_manifest();
    }

    /// What a frame shows at a pixel's middle, without the one in front.
    double light(int frame, const Vec2& at) const
    {
        return cleanplate::test::wall({at[0] + step_px * (frame - first), at[1]});
    }

    /// He wears a red that must not be seen again.
    Image plate(int frame) const { return plate(frame, [&](const Vec2& at) { return light(frame, at); }); }

    Image plate(int frame, const std::function<double(const Vec2&)>& shown) const
    {
        const Image grey = cleanplate::test::picture(window, frame, shown);
        Image made(window, display, channels);
        for (int y = window.y0; y < window.y1; ++y)
            for (int x = window.x0; x < window.x1; ++x)
                for (int c = 0; c < made.channel_count(); ++c)
                    made.pixel(x, y)[c] = hole.contains(x, y) ? (c == 0 ? 3.0f : 0.01f) : grey.pixel(x, y)[0];
        return made;
    }

    std::filesystem::path plate_path(int frame) const { return folder / fmt::format("plate/pan.{}.exr", frame); }

    void write_plate(int frame, const Image& image) const { write_exr(plate_path(frame), image, {}, {}); }

    void write_matte(int frame, const Window& where) const
    {
        Image matte(window, display, {{"A"}});
        const Window inside = intersect(where, window);
        for (int y = inside.y0; y < inside.y1; ++y)
            for (int x = inside.x0; x < inside.x1; ++x)
                *matte.pixel(x, y) = 1;
        write_exr(folder / fmt::format("matte/man.{}.exr", frame), matte, {}, {});
    }

    /// `stage` is added to the clean plate's own table, `rest` to the end.
    void write_manifest(const std::string& stage = {}, const std::string& rest = {},
                        const std::string& result = "clean") const
    {
        write_file_atomically(folder / "pan.toml", fmt::format(R"([shot]
name = "pan"
frames = "{}-{}"

[plate]
path = "plate/pan.####.exr"

[matte.man]
path = "matte/man.####.exr"

[output]
path = "out/pan.####.exr"
layer = "{}"
type = "float"

[[stage]]
use = "cleanplate"
matte = "man"
{}
{})",
                                                               first, last, result, stage, rest));
    }

    std::vector<std::string> command(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {PLATEFALL_PROGRAM, "render", (folder / "pan.toml").string()});
        return more;
    }

    Outcome render(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {"--progress", "none"});
        return run_command(command(more));
    }

    Image result(int frame, const std::string& out = "out") const
    {
        return read_image(folder / fmt::format("{}/pan.{}.exr", out, frame)).image;
    }
};

}  // namespace platefall::test
