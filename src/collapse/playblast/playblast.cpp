#include "collapse/playblast/playblast.h"

#include "base/parallel.h"
#include "collapse/playblast/lit_dust.h"
#include "collapse/playblast/raster.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace platefall::collapse {
namespace {

/// Linear colours of Debris::materials, outer face and broken face.
struct Look {
    std::array<float, 3> outer, broken;
};

Look look_of(const std::string& material)
{
    if (material == "masonry")
        return {{0.36f, 0.24f, 0.17f}, {0.42f, 0.27f, 0.18f}};
    if (material == "glass")
        return {{0.05f, 0.07f, 0.09f}, {0.10f, 0.13f, 0.14f}};
    if (material == "board")
        return {{0.50f, 0.49f, 0.46f}, {0.56f, 0.54f, 0.50f}};
    return {{0.30f, 0.29f, 0.28f}, {0.38f, 0.37f, 0.35f}};
}

float dot(const Vec3f& a, const Vec3f& b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/// Sun and a sky that is brighter above.
float light_on(const Vec3f& normal, const Vec3f& to_sun)
{
    return 0.75f * std::max(0.0f, dot(normal, to_sun)) + 0.30f + 0.15f * normal.y;
}

std::vector<Polygon> polygons_of(const PlayblastScene& scene)
{
    std::vector<Look> looks;
    for (const std::string& material : scene.debris.materials)
        looks.push_back(look_of(material));
    std::vector<Polygon> polygons;
    for (std::size_t i = 0; i < scene.debris.pieces.size(); ++i) {
        const DebrisPiece& piece = scene.debris.pieces[i];
        const Look& look = looks[static_cast<std::size_t>(piece.material)];
        for (const DebrisPiece::Face& face : piece.faces) {
            Polygon polygon;
            for (const int corner : face.corners)
                polygon.corners.push_back(placed(scene.poses[i], piece.points[static_cast<std::size_t>(corner)]));
            const float light = light_on(normal_of(polygon.corners), scene.to_sun);
            const auto& colour = face.outer ? look.outer : look.broken;
            polygon.colour = {colour[0] * light, colour[1] * light, colour[2] * light};
            polygons.push_back(std::move(polygon));
        }
    }
    return polygons;
}

/// Squares that look at the camera.
void add_chips(const PlayblastScene& scene, const View& view, std::vector<Polygon>& polygons)
{
    constexpr float kLit = 0.8f;
    const Vec3f right = view.right(), up = view.up();
    for (std::size_t i = 0; i < scene.chip_poses.size(); ++i) {
        const DebrisElement& from = scene.debris.elements[static_cast<std::size_t>(scene.chips[i].element)];
        const auto& colour = look_of(scene.debris.materials[static_cast<std::size_t>(from.material)]).broken;
        const Vec3f& at = scene.chip_poses[i].centre;
        const float half = 0.4f * scene.chips[i].size_m;
        Polygon polygon{.corners = {}, .colour = {colour[0] * kLit, colour[1] * kLit, colour[2] * kLit}};
        for (const auto& [x, y] : {std::pair(-half, -half), {half, -half}, {half, half}, {-half, half}})
            polygon.corners.push_back({at.x + x * right.x + y * up.x, at.y + x * right.y + y * up.y,
                                       at.z + x * right.z + y * up.z});
        polygons.push_back(std::move(polygon));
    }
}

/// The six faces of a holdout, which draw nothing but hide.
void add_holdout(const SetBox& box, std::vector<Polygon>& polygons)
{
    static constexpr int kFaces[6][4] = {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4},
                                         {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}};
    for (const auto& face : kFaces) {
        Polygon polygon;
        polygon.holdout = true;
        for (const int corner : face)
            polygon.corners.push_back({corner & 1 ? box.high.x : box.low.x, corner & 2 ? box.high.y : box.low.y,
                                       corner & 4 ? box.high.z : box.low.z});
        polygons.push_back(std::move(polygon));
    }
}

/// Channels of the plate that are R, G and B; a plate of one channel gives all three.
std::array<std::size_t, 3> colours_of(const Image& plate)
{
    std::array<std::size_t, 3> colours{};
    for (std::size_t c = 0; c < 3; ++c)
        colours[c] = static_cast<std::size_t>(plate.channel_index(std::string(1, "RGB"[c])).value_or(0));
    return colours;
}

}  // namespace

Playblast draw_playblast(const Image& plate, const Camera& camera, const PlayblastScene& scene)
{
    const View view(camera, plate.display_window());
    std::vector<Polygon> polygons = polygons_of(scene);
    add_chips(scene, view, polygons);
    for (const SetBox& box : scene.holdouts)
        add_holdout(box, polygons);
    const std::vector<ScreenPolygon> on_screen = project(polygons, view);
    const LitDust dust(scene.dust, scene.to_sun);

    const Window& window = plate.data_window();
    const auto from = colours_of(plate);
    Playblast made{.picture = Image(window, plate.display_window(), {{"R"}, {"G"}, {"B"}}),
                   .generated = Image(window, plate.display_window(), {{"generated"}})};
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        const Raster raster(on_screen, {window.x0, first, window.x1, last});
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                const Covered covered = raster.at(x, y);
                const Seen through = dust.march(view.origin(), view.direction(x + 0.5, y + 0.5), covered.distance);
                for (std::size_t c = 0; c < 3; ++c) {
                    const float behind = plate.pixel(x, y)[from[c]] * (1 - covered.coverage) + covered.colour[c];
                    made.picture.pixel(x, y)[c] = behind * through.transmittance + through.light[c];
                }
                *made.generated.pixel(x, y) = 1 - (1 - covered.coverage) * through.transmittance;
            }
    });
    return made;
}

}  // namespace platefall::collapse
