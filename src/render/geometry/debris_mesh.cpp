#include "render/geometry/debris_mesh.h"

#include "render/geometry/motion.h"

#include <cmath>

namespace platefall::render {
namespace {

constexpr float kStill_m = 0.001f;

V3 newell_normal(const std::vector<V3>& corners)
{
    V3 sum(0);
    for (std::size_t i = 0; i < corners.size(); ++i)
        sum += corners[i].cross(corners[(i + 1) % corners.size()]);
    return sum.normalized();
}

}  // namespace

DebrisMesh::DebrisMesh(const Debris& debris)
{
    for (std::size_t p = 0; p < debris.pieces.size(); ++p) {
        const DebrisPiece& piece = debris.pieces[p];
        const int number = static_cast<int>(p);
        rest_centres_.push_back(to_v3(piece.centre));
        reach_m_.push_back(0);
        const auto first = static_cast<std::uint32_t>(corners_.size());
        for (const Vec3f& point : piece.points) {
            corners_.push_back({number, point});
            reach_m_.back() = std::max(reach_m_.back(), to_v3(point).length());
        }
        for (const DebrisPiece::Face& face : piece.faces) {
            DebrisFace kept{.piece = number, .normal = {}, .broken = !face.outer, .corners = {}};
            for (const int corner : face.corners)
                kept.corners.push_back(rest_centres_.back() + to_v3(piece.points[static_cast<std::size_t>(corner)]));
            kept.normal = newell_normal(kept.corners);
            for (std::size_t i = 1; i + 1 < face.corners.size(); ++i) {
                triangles_.push_back({first + static_cast<std::uint32_t>(face.corners[0]),
                                      first + static_cast<std::uint32_t>(face.corners[i]),
                                      first + static_cast<std::uint32_t>(face.corners[i + 1])});
                face_of_triangle_.push_back(static_cast<int>(faces_.size()));
            }
            faces_.push_back(std::move(kept));
        }
    }
}

Mesh DebrisMesh::at_rest() const
{
    Mesh mesh{.points = {}, .points_at_close = {}, .triangles = triangles_};
    mesh.points.reserve(corners_.size());
    for (const Corner& corner : corners_)
        mesh.points.push_back(rest_centres_[static_cast<std::size_t>(corner.piece)] + to_v3(corner.from_centre));
    return mesh;
}

Mesh DebrisMesh::at(const DebrisMoment& moment) const
{
    Mesh mesh{.points = {}, .points_at_close = {}, .triangles = triangles_};
    const auto place = [&](float seconds, std::vector<V3>& points) {
        DebrisFrame poses;
        for (const DebrisPose& pose : moment.poses)
            poses.push_back(moved(pose, seconds));
        points.reserve(corners_.size());
        for (const Corner& corner : corners_)
            points.push_back(to_v3(placed(poses[static_cast<std::size_t>(corner.piece)], corner.from_centre)));
    };
    place(-moment.half_shutter_s, mesh.points);
    place(moment.half_shutter_s, mesh.points_at_close);
    return mesh;
}

DebrisMoment DebrisMesh::moment(DebrisFrame poses, float shutter_s) const
{
    DebrisMoment moment{.poses = std::move(poses), .still = {}, .anything_moved = false,
                        .half_shutter_s = shutter_s / 2};
    for (std::size_t p = 0; p < moment.poses.size(); ++p) {
        DebrisPose& pose = moment.poses[p];
        const float way = (to_v3(pose.centre) - rest_centres_[p]).length();
        const float turn = 2 * std::sqrt(pose.turn.x * pose.turn.x + pose.turn.y * pose.turn.y
                                         + pose.turn.z * pose.turn.z);
        const bool still = way + turn * reach_m_[p] < kStill_m;
        if (still)
            pose = {.centre = {rest_centres_[p].x, rest_centres_[p].y, rest_centres_[p].z}, .turn = {},
                    .velocity = {}, .spin = {}};
        moment.still.push_back(still);
        moment.anything_moved = moment.anything_moved || !still;
    }
    return moment;
}

V3 DebrisMesh::rest_point(const Hit& hit) const
{
    const auto& corners = triangles_[hit.triangle];
    const auto at = [&](int i) { return to_v3(corners_[corners[static_cast<std::size_t>(i)]].from_centre); };
    const V3 from_centre = at(0) * (1 - hit.u - hit.v) + at(1) * hit.u + at(2) * hit.v;
    return rest_centres_[static_cast<std::size_t>(piece_of(hit.triangle))] + from_centre;
}

V3 DebrisMesh::way_to_edge(const DebrisFace& face, const V3& rest_point)
{
    V3 nearest(1e15f);
    for (std::size_t i = 0; i < face.corners.size(); ++i) {
        const V3& from = face.corners[i];
        const V3 along = (face.corners[(i + 1) % face.corners.size()] - from).normalized(), way = from - rest_point;
        const V3 across = way - along * way.dot(along);
        if (across.length2() < nearest.length2())
            nearest = across;
    }
    return nearest;
}

}  // namespace platefall::render
