#include "image/read.h"

#include "base/parallel.h"
#include "image/exr_zip_read.h"
#include "image/mend.h"
#include "image/oiio_file.h"
#include "image/oiio_metadata.h"
#include "image/samples.h"
#include "image/windows.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>

namespace platefall {
namespace {

using OIIO::TypeDesc;

/// The channels [first, last) of the file as they are stored: pixels lie together, each channel in its type.
struct NativePixels {
    std::unique_ptr<std::byte[]> memory;
    std::size_t pixel_bytes = 0, row_bytes = 0;
    std::vector<TypeDesc> types;       ///< of each pick
    std::vector<std::size_t> offsets;  ///< of each pick within a pixel

    const std::byte* row(int index) const
    {
        return memory.get() + row_bytes * static_cast<std::size_t>(index);
    }
};

int round_up(int size, int multiple) { return (size + multiple - 1) / multiple * multiple; }

/// Decodes everything in one call, which lets OpenEXR use all its threads.
NativePixels read_native(const OpenFile& file, const Selection& selection, const std::filesystem::path& path)
{
    const OIIO::ImageSpec& spec = selection.spec;
    const auto [lowest, highest] =
        std::minmax_element(selection.picks.begin(), selection.picks.end(),
                            [](const Pick& a, const Pick& b) { return a.file_index < b.file_index; });
    const int first = lowest->file_index, last = highest->file_index + 1;

    NativePixels pixels;
    pixels.pixel_bytes = spec.pixel_bytes(first, last, true);
    for (const Pick& pick : selection.picks) {
        pixels.types.push_back(spec.channelformat(pick.file_index));
        pixels.offsets.push_back(pick.file_index > first ? spec.pixel_bytes(first, pick.file_index, true)
                                                         : 0);
    }

    // Whole tiles only: OIIO pads the rows of the last column of tiles.
    const bool tiled = spec.tile_width > 0;
    const int columns = round_up(spec.width, tiled ? spec.tile_width : 1);
    const int rows = round_up(spec.height, tiled ? spec.tile_height : 1);
    pixels.row_bytes = static_cast<std::size_t>(columns) * pixels.pixel_bytes;
    const std::size_t bytes = pixels.row_bytes * static_cast<std::size_t>(rows);
    pixels.memory = std::make_unique_for_overwrite<std::byte[]>(bytes);

    OIIO::ImageInput& input = *file.input;
    std::byte* memory = pixels.memory.get();
    const bool read = tiled ? input.read_native_tiles(selection.part, 0, spec.x, spec.x + columns, spec.y,
                                                      spec.y + rows, 0, 1, first, last, memory)
                            : input.read_native_scanlines(selection.part, 0, spec.y, spec.y + spec.height, 0,
                                                          first, last, memory);
    if (!read || input.has_error())
        is_damaged(path, input);
    return pixels;
}

template <class Stored>
Stored load(const std::byte* from)
{
    Stored value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// What becomes of samples on their way: fit for use, or as the file stores them (see read_parts).
enum class Samples { for_use, as_stored };

/// One channel of one row into every `stride`th sample of `out`.
void spread_channel(const std::byte* in, std::size_t pixel_bytes, TypeDesc type, int width, float* out,
                    int stride, Samples samples, RowState& state)
{
    for (int x = 0; x < width; ++x, in += pixel_bytes, out += stride) {
        if (type.basetype == TypeDesc::HALF) {
            const auto bits = load<std::uint16_t>(in);
            state.finite &= floats_from_halves(&bits, 1, out);
        } else if (type.basetype == TypeDesc::UINT32 && samples == Samples::for_use) {
            state.exact &= floats_from_uints(in, 1, out);
        } else {
            *out = load<float>(in);
            state.finite &= all_finite(out, 1);
        }
    }
}

/// True when a row of the file has the very order of samples that a row of the image has.
bool same_layout(const NativePixels& pixels, TypeDesc::BASETYPE type, std::size_t sample_bytes)
{
    for (std::size_t c = 0; c < pixels.types.size(); ++c)
        if (pixels.types[c] != type || pixels.offsets[c] != c * sample_bytes)
            return false;
    return pixels.pixel_bytes == pixels.types.size() * sample_bytes;
}

/// Fills the image; the state of each row says what is left to do there.
std::vector<RowState> floats_from_native(const NativePixels& pixels, Samples samples, Image& image)
{
    const Window& data = image.data_window();
    const int channels = image.channel_count();
    const auto row_samples = static_cast<std::size_t>(data.width()) * image.channels().size();
    const bool halves = same_layout(pixels, TypeDesc::HALF, 2);
    const bool floats = same_layout(pixels, TypeDesc::FLOAT, 4);

    std::vector<RowState> states(static_cast<std::size_t>(data.height()));
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const std::byte* in = pixels.row(y - data.y0);
            float* out = image.row(y);
            RowState& state = states[y - data.y0];
            if (halves) {
                state.finite =
                    floats_from_halves(reinterpret_cast<const std::uint16_t*>(in), row_samples, out);
            } else if (floats) {
                std::memcpy(out, in, row_samples * sizeof(float));
                state.finite = all_finite(out, row_samples);
            } else {
                for (int c = 0; c < channels; ++c)
                    spread_channel(in + pixels.offsets[c], pixels.pixel_bytes, pixels.types[c], data.width(),
                                   out + c, channels, samples, state);
            }
        }
    });
    return states;
}

/// PNG, and TIFF that says so, keep colours that were not multiplied by alpha.
void premultiply(float* pixel, const OIIO::ImageSpec& spec)
{
    const float alpha = pixel[spec.alpha_channel];
    for (int c = 0; c < spec.nchannels; ++c)
        if (c != spec.alpha_channel && c != spec.z_channel)
            pixel[c] *= alpha;
}

/// DPX, TIFF, PNG, JPEG: OIIO scales integers to 0..1.
std::vector<RowState> read_converted(const OpenFile& file, const Selection& selection,
                                     const std::filesystem::path& path, Samples as, Image& image)
{
    const OIIO::ImageSpec& spec = selection.spec;
    const Window& data = image.data_window();
    const auto row_floats = static_cast<std::size_t>(data.width()) * static_cast<std::size_t>(spec.nchannels);
    std::vector<float> samples(row_floats * static_cast<std::size_t>(data.height()));
    // A TIFF or JPEG that ends too early is filled up and counted as read; only the message tells.
    if (!file.input->read_image(selection.part, 0, 0, -1, OIIO::TypeFloat, samples.data())
        || file.input->has_error())
        is_damaged(path, *file.input);

    const bool multiply =
        as == Samples::for_use && spec.alpha_channel >= 0 && spec.get_int_attribute("oiio:UnassociatedAlpha") == 1;
    std::vector<RowState> states(static_cast<std::size_t>(data.height()));
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* in = samples.data() + row_floats * static_cast<std::size_t>(y - data.y0);
            states[y - data.y0].finite = all_finite(in, row_floats);
            float* out = image.row(y);
            for (int x = data.x0; x < data.x1; ++x, in += spec.nchannels) {
                if (multiply)
                    premultiply(in, spec);
                for (const Pick& pick : selection.picks)
                    *out++ = in[pick.file_index];
            }
        }
    });
    return states;
}

std::vector<RowState> read_exr(const OpenFile& file, const Selection& selection,
                               const std::filesystem::path& path, Samples samples, Image& image)
{
    const bool has_integers =
        std::any_of(selection.picks.begin(), selection.picks.end(),
                    [](const Pick& pick) { return pick.channel.type == ChannelType::unsigned_int; });
    if (samples == Samples::for_use || !has_integers)
        if (auto states = read_zip_chunks(path, selection, image))
            return std::move(*states);
    return floats_from_native(read_native(file, selection, path), samples, image);
}

std::vector<RowState> read_samples(const OpenFile& file, const Selection& selection,
                                   const std::filesystem::path& path, Samples samples, Image& image)
{
    if (selection.spec.deep)
        cannot_read(path, "it is a deep image; flatten it first");
    image = Image::unset(selection.data_window(), selection.display_window(), selection.channels());
    return file.is_exr ? read_exr(file, selection, path, samples, image)
                       : read_converted(file, selection, path, samples, image);
}

/// Names the unsigned-integer channels that lost something.
void warn_of_large_integers(const std::vector<RowState>& states, const Selection& selection,
                            std::vector<std::string>& warnings)
{
    if (std::all_of(states.begin(), states.end(), [](const RowState& state) { return state.exact; }))
        return;
    for (const Pick& pick : selection.picks)
        if (pick.channel.type == ChannelType::unsigned_int)
            warnings.push_back("channel '" + pick.channel.name
                               + "' has values above 2^24, which are kept to 24 bits only");
}

}  // namespace

ImageHeader read_header(const std::filesystem::path& path, const std::string& layer,
                        const std::vector<std::string>& channels)
{
    const OpenFile file = open_image_file(path);
    Selection selection = select_layer(file, path, layer);
    restrict_channels(selection, path, channels);
    return {.data = selection.data_window(),
            .display = selection.display_window(),
            .channels = selection.channels(),
            .attributes = attributes_from_spec(selection.spec, file.is_exr),
            .compression = std::string(selection.spec.get_string_attribute("compression")),
            .parts = selection.spec.get_int_attribute("oiio:subimages", 1),
            .tiled = selection.spec.tile_width > 0,
            .deep = selection.spec.deep,
            .is_exr = file.is_exr};
}

ImageFile read_image(const std::filesystem::path& path, const ReadOptions& options)
{
    const OpenFile file = open_image_file(path);
    Selection selection = select_layer(file, path, options.layer);
    restrict_channels(selection, path, options.channels);

    ImageFile result;
    const std::vector<RowState> states = read_samples(file, selection, path, Samples::for_use, result.image);
    result.attributes = attributes_from_spec(selection.spec, file.is_exr);

    warn_of_large_integers(states, selection, result.warnings);
    if (options.mend && !std::all_of(states.begin(), states.end(), [](const RowState& state) { return state.finite; }))
        result.warnings.push_back(mend_samples_that_are_not_finite(result.image));
    result.image = shrink(std::move(result.image), options.proxy);
    return result;
}

std::vector<ImagePart> read_parts(const std::filesystem::path& path)
{
    const OpenFile file = open_image_file(path);
    std::vector<ImagePart> parts;
    for (const Selection& selection : all_parts(file)) {
        ImagePart& part = parts.emplace_back();
        part.name = part_name(selection.spec);
        read_samples(file, selection, path, Samples::as_stored, part.image);
        part.attributes = attributes_from_spec(selection.spec, file.is_exr);
        part.encoded = !file.is_exr && !selection.spec.format.is_floating_point();
    }
    return parts;
}

}  // namespace platefall
