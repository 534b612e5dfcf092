/// The building before anything moved: what of it the camera saw, how it was lit, and the plate as its skin.
#pragma once

#include "render/geometry/debris_mesh.h"
#include "render/geometry/view.h"
#include "render/light/illumination.h"

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

/// A pixel of the plate as the skin of a piece, and the place whose light is in it.
struct Skin {
    Colour radiance;
    Place rest;
};

/// The plate of one frame, projected onto the building at rest.
///
/// A place that the plate showed takes its pixel. Where it was hidden by something in front, seen at a grazing angle (below
/// about 9 degrees; narrow faces, such as the reveals of windows, at any angle), outside the picture or on a side that the
/// camera did not see, a place of the building's skin takes the place at the same height on the side that was seen best:
/// mirrored about its middle, or the other side's run folded onto it.
class PlateTexture {
public:
    /// `hidden` (one channel; may be null) says where something stands in front of the building.
    PlateTexture(const Image& plate, const Image* hidden, const View& view, const DebrisMesh& mesh,
                 const RestScenes& scenes, std::vector<char> skin);

    /// At a place of a face at rest; nothing on a broken face, and where neither the place nor one like it was seen.
    std::optional<Skin> at(int face, const V3& rest_point) const;

    bool is_skin(int face) const { return skin_[static_cast<std::size_t>(face)]; }

    /// How bright light must be, times the one that is given, for the walls that the sun reaches to have this albedo
    /// (luminance at their upper third: windows are darker). 1 when no wall is seen in the sun.
    float light_factor(const Illumination& at_rest, float facade_albedo) const;

private:
    /// The upright side that was seen best.
    struct Side {
        V3 origin, along, normal;
        float length_m = 0;
    };
    std::optional<V2> seen_at(const V3& rest_point, const V3& normal, float least_cosine) const;
    std::optional<Skin> own(const V3& rest_point, const V3& normal, float least_cosine) const;
    Colour sample(const V2& at) const;
    void find_seen_depth(const Image* hidden, const RestScenes& scenes);
    void find_best_side();
    V3 folded_onto_side(const V3& rest_point, const V3& normal) const;

    const DebrisMesh& mesh_;
    Image plate_;
    View view_;
    std::vector<char> skin_, narrow_;
    Window window_;
    std::vector<float> depth_;        ///< of the building at rest, a pixel of the plate; 0: not seen
    std::array<int, 3> channels_{};
    std::optional<Side> side_;
};

}  // namespace platefall::render
