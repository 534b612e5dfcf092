#include "comp/plate_look.h"

#include "base/files.h"
#include "grain/noise_blocks.h"

#include <platefall/error.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::comp {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kCell = 4;                 // pixels
constexpr std::size_t kDarkest = 500;    // one cell in so many is below the black level
constexpr float kFlat = 0.08f;           // deviation over signal of a block of sky; grain is less
constexpr double kBandShare = 0.06;      // of the picture's height, on both sides of the horizon
constexpr float kLowest = 0.25f;         // part of the sky's lower rim that counts
constexpr double kFarAway = 1e6;         // metres
constexpr const char* kFile = "look.json";

/// Middle of each channel; of an even number the lower one.
Colour median(std::vector<Colour> colours)
{
    Colour middle{};
    if (colours.empty())
        return middle;
    const std::size_t half = (colours.size() - 1) / 2;
    for (std::size_t c = 0; c < 3; ++c) {
        std::ranges::nth_element(colours, colours.begin() + static_cast<std::ptrdiff_t>(half), {},
                                 [c](const Colour& colour) { return colour[c]; });
        middle[c] = colours[half][c];
    }
    return middle;
}

float mean_of_cell(const Image& plate, int x0, int y0, int channel)
{
    float sum = 0;
    for (int y = y0; y < y0 + kCell; ++y)
        for (int x = x0; x < x0 + kCell; ++x)
            sum += plate.pixel(x, y)[channel];
    return sum / (kCell * kCell);
}

bool is_flat(const grain::Block& block)
{
    for (std::size_t c = 0; c < 3; ++c)
        if (block.variance[c] > kFlat * kFlat * block.signal[c] * block.signal[c])
            return false;
    return true;
}

/// For each column of blocks, the lowest that only flat ones stand over.
std::vector<grain::Block> lower_rim_of_sky(const Image& plate, double horizon_y)
{
    const Window& data = plate.data_window();
    const int across = data.width() / grain::kBlock, all = across * (data.height() / grain::kBlock);
    std::vector<grain::Block> rim(static_cast<std::size_t>(across));
    std::vector<int> reached(static_cast<std::size_t>(across), data.y0);
    for (const grain::Block& block : grain::measure_blocks(plate, nullptr, std::max(all, 1), 0)) {
        const auto column = static_cast<std::size_t>((block.x - data.x0) / grain::kBlock);
        if (block.y != reached[column] || block.y + grain::kBlock > horizon_y || !is_flat(block))
            continue;
        rim[column] = block;
        reached[column] += grain::kBlock;
    }
    std::erase_if(rim, [&](const grain::Block& block) { return block.signal == Colour{}; });
    return rim;
}

Colour mean_of(const std::vector<grain::Block>& blocks, std::size_t count)
{
    Colour mean{};
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            mean[c] += blocks[i].signal[c] / static_cast<float>(count);
    return mean;
}

Colour mean_of_band(const Image& plate, double horizon_y)
{
    const Window& data = plate.data_window();
    const auto [r, g, b] = grain::colour_channels(plate);
    const int half = std::max(1, static_cast<int>(kBandShare * data.height()));
    const int middle = std::clamp(static_cast<int>(horizon_y), data.y0 + half, std::max(data.y0 + half, data.y1 - half));
    std::array<double, 3> sum{};
    int count = 0;
    for (int y = std::max(middle - half, data.y0); y < std::min(middle + half, data.y1); ++y)
        for (int x = data.x0; x < data.x1; ++x, ++count) {
            const float* pixel = plate.pixel(x, y);
            sum = {sum[0] + pixel[r], sum[1] + pixel[g], sum[2] + pixel[b]};
        }
    Colour mean{};
    for (std::size_t c = 0; c < 3; ++c)
        mean[c] = count > 0 ? static_cast<float>(sum[c] / count) : 0.0f;
    return mean;
}

} // namespace

void LookMeter::add(const Frame& frame)
{
    const Image& plate = frame.layer("plate");
    noise_.add(plate, nullptr);
    edges_.add(plate);
    blacks_.push_back(black_level(plate));
    horizons_.push_back(horizon_colour(plate, horizon_row(frame)));
}

PlateLook LookMeter::fit() const
{
    return {.noise = noise_.fit(),
            .softness_px = edges_.softness_px().value_or(0.0),
            .black = median(blacks_),
            .horizon = median(horizons_)};
}

Colour black_level(const Image& plate)
{
    const Window& data = plate.data_window();
    const auto channels = grain::colour_channels(plate);
    Colour black{};
    for (std::size_t c = 0; c < 3; ++c) {
        std::vector<float> cells;
        for (int y = data.y0; y + kCell <= data.y1; y += kCell)
            for (int x = data.x0; x + kCell <= data.x1; x += kCell)
                cells.push_back(mean_of_cell(plate, x, y, channels[c]));
        if (cells.empty())
            return {};
        const auto darkest = cells.begin() + static_cast<std::ptrdiff_t>(cells.size() / kDarkest);
        std::ranges::nth_element(cells, darkest);
        black[c] = std::max(*darkest, 0.0f);
    }
    return black;
}

Colour horizon_colour(const Image& plate, double horizon_y)
{
    auto rim = lower_rim_of_sky(plate, horizon_y);
    if (rim.empty())
        return mean_of_band(plate, horizon_y);
    std::ranges::stable_sort(rim, std::greater{}, &grain::Block::y);
    const auto count = static_cast<std::size_t>(std::ceil(kLowest * static_cast<float>(rim.size())));
    return mean_of(rim, count);
}

double horizon_row(const Frame& frame)
{
    const Window& display = frame.layer("plate").display_window();
    const double middle = (display.y0 + display.y1) / 2.0;
    if (!frame.shot->camera)
        return middle;
    const Camera camera = frame.shot->camera(frame.number);
    const Mat4& m = camera.world_from_camera;
    const Vec3 level{m[0][3] - kFarAway * m[0][2], m[1][3], m[2][3] - kFarAway * m[2][2]};
    const auto pixel = camera.project(level, display.width(), display.height());
    return pixel ? display.y0 + (*pixel)[1] : middle;
}

void save_look(const PlateLook& look, const std::filesystem::path& folder)
{
    save_noise(look.noise, folder / "noise.json");
    const Json json{{"softness_px", look.softness_px}, {"black", look.black}, {"horizon", look.horizon}};
    write_file_atomically(folder / kFile, json.dump(1) + "\n");
}

PlateLook load_look(const std::filesystem::path& folder)
{
    PlateLook look{.noise = grain::load_noise(folder / "noise.json")};
    try {
        const Json json = Json::parse(read_text_file(folder / kFile));
        json.at("softness_px").get_to(look.softness_px);
        json.at("black").get_to(look.black);
        json.at("horizon").get_to(look.horizon);
    } catch (const Json::exception&) {
        throw Error("'" + (folder / kFile).string() + "' does not say what the plate looks like; delete it, and it is "
                    "measured again");
    }
    return look;
}

} // namespace platefall::comp
