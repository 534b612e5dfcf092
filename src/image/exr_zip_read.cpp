#include "image/exr_zip_read.h"

#include "base/parallel.h"
#include "image/exr_zip.h"

#include <openexr.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace platefall {
namespace {

struct Finish {
    void operator()(exr_context_t context) const { exr_finish(&context); }
};
using File = std::unique_ptr<std::remove_pointer_t<exr_context_t>, Finish>;

/// nullptr when it cannot be opened.
File open_file(const std::filesystem::path& path)
{
    exr_context_initializer_t setup = EXR_DEFAULT_CONTEXT_INITIALIZER;
    setup.error_handler_fn = [](exr_const_context_t, exr_result_t, const char*) {};  // else it prints them
    setup.flags = EXR_CONTEXT_FLAG_DISABLE_CHUNK_RECONSTRUCTION;
    exr_context_t context = nullptr;
    return File(exr_start_read(&context, path.c_str(), &setup) == EXR_ERR_SUCCESS ? context : nullptr);
}

/// How many lines a chunk has; 0 when the file is not of the kind that is read here.
int lines_per_chunk(const File& file)
{
    int parts = 0;
    exr_storage_t storage{};
    exr_compression_t compression{};
    if (exr_get_count(file.get(), &parts) != EXR_ERR_SUCCESS || parts != 1
        || exr_get_storage(file.get(), 0, &storage) != EXR_ERR_SUCCESS || storage != EXR_STORAGE_SCANLINE
        || exr_get_compression(file.get(), 0, &compression) != EXR_ERR_SUCCESS)
        return 0;
    return compression == EXR_COMPRESSION_ZIP    ? zip_lines("zip")
           : compression == EXR_COMPRESSION_ZIPS ? zip_lines("zips")
                                                 : 0;
}

bool has_data_window(const File& file, const Window& data)
{
    exr_attr_box2i_t box{};
    return exr_get_data_window(file.get(), 0, &box) == EXR_ERR_SUCCESS && box.min.x == data.x0
           && box.min.y == data.y0 && box.max.x == data.x1 - 1 && box.max.y == data.y1 - 1;
}

/// Where the samples of one wanted channel lie within a line.
struct Run {
    std::size_t offset;
    exr_pixel_type_t type;
};

/// A line holds its channels one after the other.
struct Line {
    std::size_t bytes = 0;
    std::vector<Run> runs;  ///< of the picks, in their order
};

/// No runs when the channels are not what OIIO said, or some have fewer pixels than others.
Line line_of(const File& file, const Selection& selection)
{
    const exr_attr_chlist_t* list = nullptr;
    if (exr_get_channels(file.get(), 0, &list) != EXR_ERR_SUCCESS
        || list->num_channels != selection.spec.nchannels)
        return {};
    Line line;
    std::vector<std::pair<std::string_view, Run>> runs;
    for (const exr_attr_chlist_entry_t& channel : std::span(list->entries, list->num_channels)) {
        const std::string_view name(channel.name.str, channel.name.length);
        if (channel.x_sampling != 1 || channel.y_sampling != 1
            || (!runs.empty() && !(runs.back().first < name)))
            return {};
        runs.push_back({name, {line.bytes, channel.pixel_type}});
        line.bytes +=
            (channel.pixel_type == EXR_PIXEL_HALF ? 2 : 4) * static_cast<std::size_t>(selection.spec.width);
    }
    for (const Pick& pick : selection.picks) {
        const auto found = std::find_if(runs.begin(), runs.end(), [&](const auto& run) {
            return run.first == selection.spec.channelnames[pick.file_index];
        });
        if (found == runs.end())
            return {};
        line.runs.push_back(found->second);
    }
    return line;
}

/// One thread's way from chunks to rows.
class ChunkReader {
public:
    ChunkReader(const File& file, const Line& line, int lines, Image& image)
        : file_(file), line_(line), lines_(lines), image_(image),
          packed_(std::make_unique_for_overwrite<std::byte[]>(largest_chunk())),
          chunk_(std::make_unique_for_overwrite<std::byte[]>(largest_chunk())),
          samples_(static_cast<std::size_t>(image.data_window().width())), unpacker_(largest_chunk())
    {
    }

    /// `states` are those of the whole image. False when the chunk is damaged.
    bool read(int index, std::vector<RowState>& states)
    {
        const Window& data = image_.data_window();
        const int first = data.y0 + index * lines_, last = std::min(first + lines_, data.y1);
        const std::span chunk(chunk_.get(), line_.bytes * static_cast<std::size_t>(last - first));
        if (!unpack(first, chunk))
            return false;
        for (int y = first; y < last; ++y)
            spread_line(chunk.data() + line_.bytes * static_cast<std::size_t>(y - first), image_.row(y),
                        states[y - data.y0]);
        return true;
    }

private:
    std::size_t largest_chunk() const { return line_.bytes * static_cast<std::size_t>(lines_); }

    bool unpack(int y, std::span<std::byte> chunk)
    {
        exr_chunk_info_t info{};
        if (exr_read_scanline_chunk_info(file_.get(), 0, y, &info) != EXR_ERR_SUCCESS || info.start_y != y
            || info.packed_size > chunk.size()
            || exr_read_chunk(file_.get(), 0, &info, packed_.get()) != EXR_ERR_SUCCESS)
            return false;
        return unpacker_.unpack({packed_.get(), info.packed_size}, chunk);
    }

    void spread_line(const std::byte* in, float* out, RowState& state)
    {
        for (const Run& run : line_.runs) {
            load(in + run.offset, run.type, state);
            float* to = out++;
            for (const float sample : samples_) {
                *to = sample;
                to += line_.runs.size();
            }
        }
    }

    void load(const std::byte* in, exr_pixel_type_t type, RowState& state)
    {
        const std::size_t count = samples_.size();
        float* out = samples_.data();
        if (type == EXR_PIXEL_HALF) {
            state.finite &= floats_from_halves(reinterpret_cast<const std::uint16_t*>(in), count, out);
        } else if (type == EXR_PIXEL_UINT) {
            state.exact &= floats_from_uints(in, count, out);
        } else {
            std::memcpy(out, in, count * sizeof(float));
            state.finite &= all_finite(out, count);
        }
    }

    const File& file_;
    const Line& line_;
    int lines_;
    Image& image_;
    std::unique_ptr<std::byte[]> packed_, chunk_;
    std::vector<float> samples_;
    ZipUnpacker unpacker_;
};

}  // namespace

std::optional<std::vector<RowState>> read_zip_chunks(const std::filesystem::path& path,
                                                     const Selection& selection, Image& image)
{
    const File file = open_file(path);
    const int lines = file ? lines_per_chunk(file) : 0;
    if (lines == 0 || !has_data_window(file, image.data_window()))
        return std::nullopt;
    const Line line = line_of(file, selection);
    if (line.runs.empty())
        return std::nullopt;

    std::vector<RowState> states(static_cast<std::size_t>(image.data_window().height()));
    std::atomic<bool> damaged = false;
    parallel_rows(0, (image.data_window().height() + lines - 1) / lines, [&](int first, int last) {
        ChunkReader reader(file, line, lines, image);
        for (int i = first; i < last && !damaged; ++i)
            if (!reader.read(i, states))
                damaged = true;
    });
    return damaged ? std::nullopt : std::optional(std::move(states));
}

}  // namespace platefall
