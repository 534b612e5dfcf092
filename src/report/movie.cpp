#include "report/movie.h"

#include "base/files.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "base/subprocess.h"
#include "image/read.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

namespace platefall {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMarkPrefix = "platefall frames ";

/// `container` is "mp4" or "mov"; the name of a temporary does not tell.
std::vector<std::string> encoder(const fs::path& file, const std::string& container, const DisplayPicture& size, double fps,
                                 const Digest& mark)
{
    return {"ffmpeg",   "-nostdin", "-loglevel", "error", "-y", "-f", "rawvideo", "-pixel_format", "rgb24",
            "-video_size", fmt::format("{}x{}", size.width, size.height), "-framerate",
            fmt::format("{:g}", fps), "-i", "pipe:0",
            // H.264 with 4:2:0 needs even sides; players take untagged video as Rec.709 only by luck.
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
            "-c:v", "libx264", "-crf", "16", "-preset", "medium", "-colorspace", "bt709", "-color_primaries",
            "bt709", "-color_trc", "bt709", "-metadata", fmt::format("comment={}{}", kMarkPrefix, mark.hex()),
            "-movflags", "+faststart", "-f",
            container, file.string()};
}

}  // namespace

int frames_at_once(const Window& size)
{
    constexpr double kPixels = 1e6;   // about 50 bytes each: as it was read, and as it is shown
    return std::clamp(static_cast<int>(kPixels / (static_cast<double>(size.width()) * size.height() + 1)), 1, 8);
}

void write_movie(const fs::path& movie, int count, int at_once, double fps,
                 const std::function<DisplayPicture(int)>& picture_of, const Digest& mark)
{
    std::error_code failure;
    fs::create_directories(movie.parent_path(), failure);
    if (failure)
        throw Error(fmt::format("cannot make the folder of '{}': {}", movie.string(), failure.message()));

    const fs::path unfinished = temporary_beside(movie);
    try {
        std::optional<Subprocess> ffmpeg;
        for (int first = 0; first < count; first += at_once) {
            check_stop();
            std::vector<DisplayPicture> batch(static_cast<std::size_t>(std::min(at_once, count - first)));
            parallel_each(static_cast<int>(batch.size()),
                          [&](int i) { batch[static_cast<std::size_t>(i)] = picture_of(first + i); });
            if (!ffmpeg)
                ffmpeg.emplace(encoder(unfinished, movie.extension().string().substr(1), batch[0], fps, mark));
            for (const DisplayPicture& picture : batch)
                ffmpeg->write(std::as_bytes(std::span(picture.rgb)));
        }
        if (ffmpeg)
            ffmpeg->finish();
        publish(unfinished, movie);
    } catch (...) {
        fs::remove(unfinished, failure);
        throw;
    }
}

void write_movie(const fs::path& movie, const std::vector<fs::path>& frames, double fps, const ColourSpaces& colours,
                 const std::string& colorspace, const Digest& mark)
{
    const Window size = read_header(frames.front()).display;
    const auto picture_of = [&](int i) {
        return display_picture(colours.for_display(read_image(frames[static_cast<std::size_t>(i)]).image, colorspace), size);
    };
    write_movie(movie, static_cast<int>(frames.size()), frames_at_once(size), fps, picture_of, mark);
}

std::string movie_mark(const fs::path& movie)
{
    std::error_code none;
    if (!fs::is_regular_file(movie, none))
        return "";
    const std::string content = read_text_file(movie);
    const auto at = content.find(kMarkPrefix);
    return at == std::string::npos ? "" : content.substr(at + kMarkPrefix.size(), Digest{}.hex().size());
}

}  // namespace platefall
