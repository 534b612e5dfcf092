#include "image/colour.h"

#include <platefall/error.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/spelling.h"
#include "image/default_config.h"

#include <OpenColorIO/OpenColorIO.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace OCIO = OCIO_NAMESPACE;

namespace platefall {
namespace {

constexpr int kRgb = 3;

struct Source {
    std::filesystem::path file;   ///< empty: the embedded config
    std::string name;             ///< for messages
};

Source choose_source(const std::filesystem::path& config)
{
    if (!config.empty())
        return {config, std::string("'").append(config.string()).append("'")};
    const char* environment = std::getenv("OCIO");
    if (environment != nullptr && *environment != '\0')
        return {environment, std::string("'") + environment + "' (from $OCIO)"};
    return {{}, "that is built in"};
}

OCIO::ConstConfigRcPtr load_config(const Source& source)
{
    try {
        OCIO::ConstConfigRcPtr config;
        if (source.file.empty()) {
            std::istringstream text(default_ocio_config());
            config = OCIO::Config::CreateFromStream(text);
        } else {
            config = OCIO::Config::CreateFromFile(source.file.c_str());
        }
        config->validate();
        return config;
    } catch (const OCIO::Exception& reason) {
        throw Error("cannot use the OCIO config " + source.name + ": " + reason.what());
    }
}

/// LUT files count by name and size: their times differ between machines, and their content can be huge.
void add_lut_files(Hasher& hasher, const OCIO::ConstConfigRcPtr& config, const std::filesystem::path& folder)
{
    std::vector<std::string> files;
    for (int i = 0; i < config->getNumSearchPaths(); ++i) {
        const std::filesystem::path search = folder / config->getSearchPath(i);
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(search, error))
            if (entry.is_regular_file(error))
                files.push_back(std::string(config->getSearchPath(i)) + "/" + entry.path().filename().string()
                                + " " + std::to_string(entry.file_size(error)));
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files)
        hasher.text(file);
}

/// Where R, G and B lie within a pixel; nothing when the image has not all three.
std::optional<std::array<int, kRgb>> rgb_of(const Image& image)
{
    const auto r = image.channel_index("R"), g = image.channel_index("G"), b = image.channel_index("B");
    if (!r || !g || !b || image.channels()[*r].data || image.channels()[*g].data || image.channels()[*b].data)
        return std::nullopt;
    return std::array{*r, *g, *b};
}

void apply(const OCIO::ConstCPUProcessorRcPtr& processor, std::vector<float>& rgb)
{
    OCIO::PackedImageDesc pixels(rgb.data(), static_cast<long>(rgb.size() / kRgb), 1, kRgb);
    processor->apply(pixels);
}

/// True when twice the light gives twice the result, as a matrix does. Premultiplied colours can then be
/// converted as they are. Asked of the processor, since many configs do not say which spaces are linear.
bool scales_with_light(const OCIO::ConstCPUProcessorRcPtr& processor)
{
    constexpr std::array<float, kRgb> colour{0.2f, 0.5f, 0.05f};
    std::vector<float> reference(colour.begin(), colour.end());
    apply(processor, reference);
    for (const float factor : {0.125f, 0.5f, 4.0f}) {
        std::vector<float> scaled;
        for (const float value : colour)
            scaled.push_back(factor * value);
        apply(processor, scaled);
        for (std::size_t c = 0; c < kRgb; ++c)
            if (std::abs(scaled[c] - factor * reference[c]) > 1e-4f * factor)
                return false;
    }
    return true;
}

void convert_rows(Image& image, const std::array<int, kRgb>& rgb, std::optional<int> alpha,
                  const OCIO::ConstCPUProcessorRcPtr& processor)
{
    const Window& data = image.data_window();
    const int channels = image.channel_count();
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        std::vector<float> colours(static_cast<std::size_t>(data.width()) * kRgb);
        for (int y = first; y < last; ++y) {
            // Light without coverage (alpha 0) has nothing to be divided by and is converted as it is.
            const auto coverage = [&](const float* pixel) {
                return alpha && pixel[*alpha] > 0.0f ? pixel[*alpha] : 1.0f;
            };
            float* pixel = image.row(y);
            for (float* colour = colours.data(); colour != colours.data() + colours.size(); pixel += channels)
                for (const int c : rgb)
                    *colour++ = pixel[c] / coverage(pixel);

            apply(processor, colours);

            pixel = image.row(y);
            for (const float* colour = colours.data(); colour != colours.data() + colours.size();
                 pixel += channels)
                for (const int c : rgb)
                    pixel[c] = *colour++ * coverage(pixel);
        }
    });
}

/// What is not a colour picture is shown as grey: Y, or else the first channel.
std::array<int, kRgb> shown_channels(const Image& image)
{
    const int grey = image.channel_index("Y").value_or(0);
    return rgb_of(image).value_or(std::array{grey, grey, grey});
}

Image display_rows(const Image& image, const OCIO::ConstCPUProcessorRcPtr& processor)
{
    const Window& data = image.data_window();
    const std::array<int, kRgb> sources = shown_channels(image);
    Image shown(data, image.display_window(), {{"R"}, {"G"}, {"B"}});
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        std::vector<float> colours(static_cast<std::size_t>(data.width()) * kRgb);
        for (int y = first; y < last; ++y) {
            const float* pixel = image.row(y);
            for (float* colour = colours.data(); colour != colours.data() + colours.size();
                 pixel += image.channel_count())
                for (const int c : sources)
                    *colour++ = pixel[c];
            apply(processor, colours);
            std::transform(colours.begin(), colours.end(), shown.row(y),
                           [](float value) { return std::clamp(value, 0.0f, 1.0f); });
        }
    });
    return shown;
}

}  // namespace

struct ColourSpaces::Impl {
    OCIO::ConstConfigRcPtr config;
    std::string fingerprint;

    /// Throws Error with "did you mean".
    OCIO::ConstColorSpaceRcPtr space(const std::string& name) const;
    std::vector<std::string> names() const;
    OCIO::ConstCPUProcessorRcPtr processor(const OCIO::ConstTransformRcPtr& transform,
                                           const std::string& what) const;
};

OCIO::ConstColorSpaceRcPtr ColourSpaces::Impl::space(const std::string& name) const
{
    if (auto found = config->getColorSpace(name.c_str()))
        return found;
    const std::string hint = did_you_mean(name, names());
    throw Error("unknown colour space '" + name + "'"
                + (hint.empty() ? " (there are " + join_with_and(names()) + ")" : "; " + hint));
}

std::vector<std::string> ColourSpaces::Impl::names() const
{
    std::vector<std::string> names;
    const auto scene = OCIO::SEARCH_REFERENCE_SPACE_SCENE;   // screens are no spaces for plates
    const auto visible = OCIO::COLORSPACE_ACTIVE;
    for (int i = 0; i < config->getNumColorSpaces(scene, visible); ++i)
        names.emplace_back(config->getColorSpaceNameByIndex(scene, visible, i));
    return names;
}

OCIO::ConstCPUProcessorRcPtr ColourSpaces::Impl::processor(const OCIO::ConstTransformRcPtr& transform,
                                                           const std::string& what) const
{
    try {
        return config->getProcessor(transform)->getDefaultCPUProcessor();
    } catch (const OCIO::Exception& reason) {
        throw Error("cannot convert colours " + what + ": " + reason.what());
    }
}

ColourSpaces::ColourSpaces(const std::filesystem::path& config) : impl_(std::make_unique<Impl>())
{
    const Source source = choose_source(config);
    impl_->config = load_config(source);

    Hasher hasher;
    hasher.text(source.file.empty() ? default_ocio_config() : read_text_file(source.file));
    if (!source.file.empty())
        add_lut_files(hasher, impl_->config, source.file.parent_path());
    impl_->fingerprint = hasher.result().hex();
}

ColourSpaces::~ColourSpaces() = default;
ColourSpaces::ColourSpaces(ColourSpaces&&) noexcept = default;

bool ColourSpaces::has(const std::string& name) const
{
    return impl_->config->getColorSpace(name.c_str()) != nullptr;
}

std::vector<std::string> ColourSpaces::names() const { return impl_->names(); }

std::string ColourSpaces::fingerprint() const { return impl_->fingerprint; }

bool ColourSpaces::same(const std::string& a, const std::string& b) const
{
    return std::string_view(impl_->space(a)->getName()) == impl_->space(b)->getName();
}

bool ColourSpaces::is_data(const std::string& name) const { return impl_->space(name)->isData(); }

bool ColourSpaces::is_linear(const std::string& name) const
{
    const auto space = impl_->space(name);
    if (space->isData())
        return false;
    for (const auto direction : {OCIO::COLORSPACE_DIR_TO_REFERENCE, OCIO::COLORSPACE_DIR_FROM_REFERENCE})
        if (const auto transform = space->getTransform(direction))
            return scales_with_light(impl_->processor(transform, "of '" + name + "'"));
    return true;   // the reference itself
}

void ColourSpaces::convert(Image& image, const std::string& from, const std::string& to) const
{
    const auto source = impl_->space(from), target = impl_->space(to);
    const auto rgb = rgb_of(image);
    if (same(from, to) || source->isData() || target->isData() || !rgb)
        return;

    const auto transform = OCIO::ColorSpaceTransform::Create();
    transform->setSrc(source->getName());
    transform->setDst(target->getName());
    const auto processor = impl_->processor(transform, "from '" + from + "' to '" + to + "'");
    if (processor->isNoOp())
        return;

    convert_rows(image, *rgb, scales_with_light(processor) ? std::nullopt : image.channel_index("A"),
                 processor);
}

Image ColourSpaces::for_display(const Image& image, const std::string& from) const
{
    const auto& config = impl_->config;
    const char* display = config->getDefaultDisplay();
    const auto transform = OCIO::DisplayViewTransform::Create();
    transform->setSrc(impl_->space(from)->getName());
    transform->setDisplay(display);
    transform->setView(config->getDefaultView(display, transform->getSrc()));
    return display_rows(image, impl_->processor(transform, "from '" + from + "' for display"));
}

}  // namespace platefall
