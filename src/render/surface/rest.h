/// The building before anything moved: what of it the camera saw, how it was lit, and the plate as its skin.
#pragma once

#include "render/geometry/debris_mesh.h"
#include "render/geometry/view.h"
#include "render/light/light.h"

#include <platefall/image.h>

#include <optional>
#include <vector>

namespace platefall::render {

/// Scenes that never change: the set, and the building at rest.
struct RestScenes {
    TraceScene set, building;

    bool blocks(const Ray& ray) const { return building.blocks(ray) || set.blocks(ray); }
};

/// Which faces are the building's skin: more than half of the ways out of them meet nothing of the building. One a face.
std::vector<char> find_skin(const DebrisMesh& mesh, const TraceScene& building);

/// Sky light (irradiance) that faces of the skin had at rest, in front of the set; zero for the others.
std::vector<Colour> rest_skylight(const DebrisMesh& mesh, const std::vector<char>& skin, const RestScenes& scenes,
                                  const Light& light);

/// The plate of one frame, projected onto the building at rest.
///
/// A place of the skin takes the pixel that showed it. Where that was hidden by something in front, seen at a grazing angle
/// (below about 9 degrees), outside the picture or on a side that the camera did not see, it takes the place at the same
/// height on the side that was seen best: mirrored about its middle, or the other side's run folded onto it. Divided by
/// the light it had at rest this is the skin's own colour, 0.02 to 0.95.
class PlateTexture {
public:
    /// `hidden` (one channel; may be null) says where something stands in front of the building.
    PlateTexture(const Image& plate, const Image* hidden, const View& view, const DebrisMesh& mesh,
                 const RestScenes& scenes, std::vector<char> skin, const Light& light);

    /// Albedo at a place of a face at rest; nothing when the face is not part of the skin, or level, or no side was seen.
    std::optional<Colour> albedo(int face, const V3& rest_point) const;

    bool is_skin(int face) const { return skin_[static_cast<std::size_t>(face)]; }

    /// How bright light must be, times the one it was made with, for the walls that the sun reaches to have this albedo
    /// (luminance at their upper third: windows are darker). 1 when no wall is seen in the sun.
    float light_factor(float facade_albedo) const;

    /// The same skin under light that is `factor` times as bright.
    void relight(float factor);

private:
    struct Seen {
        float x, y;
    };
    /// The upright side that was seen best.
    struct Side {
        V3 origin, along, normal;
        float length_m = 0;
    };
    std::optional<Seen> seen_at(const V3& rest_point, const V3& normal) const;
    std::optional<Colour> albedo_at(int face, const V3& rest_point) const;
    Colour light_at(int face, const V3& rest_point) const;
    Colour sample(const Seen& at) const;
    void find_best_side(const DebrisMesh& mesh);
    V3 folded_onto_side(const V3& rest_point, const V3& normal) const;

    const DebrisMesh& mesh_;
    const RestScenes& scenes_;
    Image plate_;
    View view_;
    Light light_;
    std::vector<char> skin_;
    std::vector<Colour> skylight_;
    Window window_;
    std::vector<float> depth_;        ///< of the building at rest, a pixel of the plate; 0: not seen
    std::array<int, 3> channels_{};
    std::optional<Side> side_;
    int side_face_ = 0;               ///< a face of that side, for its light
};

}  // namespace platefall::render
