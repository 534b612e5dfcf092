#include "collapse/motion_file.h"

#include "scene/packed_file.h"

#include <algorithm>
#include <array>

namespace platefall::collapse {
namespace {

constexpr std::string_view kKind = "platefall motion 1";

using Numbers = std::array<double, 3>;

Numbers numbers(const Eigen::Vector3d& v)
{
    return {v.x(), v.y(), v.z()};
}

Eigen::Vector3d vector(const Numbers& v)
{
    return {v[0], v[1], v[2]};
}

Vec3f rounded(const Eigen::Vector3d& v)
{
    return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z())};
}

/// One of the lists of a motion as plain numbers.
struct PlainPose {
    Numbers centre;
    std::array<double, 4> turn;   ///< w x y z
    Numbers velocity, spin;
};
struct PlainBroken {
    double time_s;
    std::int64_t bond;
    Numbers place, velocity;
};
struct PlainImpact {
    double time_s;
    std::int64_t piece;
    Numbers place, velocity;
    double energy_J;
};

PlainPose plain(const Pose& pose)
{
    return {numbers(pose.centre),
            {pose.turn.w(), pose.turn.x(), pose.turn.y(), pose.turn.z()},
            numbers(pose.velocity),
            numbers(pose.spin)};
}

Pose pose(const PlainPose& plain)
{
    return {vector(plain.centre),
            {plain.turn[0], plain.turn[1], plain.turn[2], plain.turn[3]},
            vector(plain.velocity),
            vector(plain.spin)};
}

PlainBroken plain(const BrokenBond& broken)
{
    return {broken.time_s, broken.bond, numbers(broken.place), numbers(broken.velocity)};
}

BrokenBond broken(const PlainBroken& plain)
{
    return {plain.time_s, static_cast<int>(plain.bond), vector(plain.place), vector(plain.velocity)};
}

PlainImpact plain(const Impact& impact)
{
    return {impact.time_s, impact.piece, numbers(impact.place), numbers(impact.velocity), impact.energy_J};
}

Impact impact(const PlainImpact& plain)
{
    return {plain.time_s, static_cast<int>(plain.piece), vector(plain.place), vector(plain.velocity), plain.energy_J};
}

template <class Plain, class List> void put_all(PackedWriter& file, const List& list)
{
    std::vector<Plain> plains;
    for (const auto& one : list)
        plains.push_back(plain(one));
    file.put(plains);
}

template <class Plain, class Make> auto get_all(PackedReader& file, Make make)
{
    std::vector<decltype(make(Plain{}))> list;
    for (const Plain& one : file.get_all<Plain>())
        list.push_back(make(one));
    return list;
}

}  // namespace

void save_motion(const Motion& motion, const std::filesystem::path& path)
{
    PackedWriter file;
    file.put(static_cast<std::uint64_t>(motion.poses.size()));
    for (const auto& poses : motion.poses)
        put_all<PlainPose>(file, poses);
    put_all<PlainBroken>(file, motion.broken);
    put_all<PlainImpact>(file, motion.impacts);
    file.put(motion.energy_J);
    file.put(motion.steps);
    file.save(path, kKind);
}

Motion load_motion(const std::filesystem::path& path)
{
    PackedReader file(path, kKind);
    Motion motion;
    for (auto frames = file.get<std::uint64_t>(); frames > 0; --frames)
        motion.poses.push_back(get_all<PlainPose>(file, pose));
    motion.broken = get_all<PlainBroken>(file, broken);
    motion.impacts = get_all<PlainImpact>(file, impact);
    motion.energy_J = file.get_all<double>();
    motion.steps = file.get<int>();
    return motion;
}

Debris debris_of(const Structure& structure)
{
    Debris debris;
    for (const Material material : kMaterials)
        debris.materials.emplace_back(facts(material).name);
    for (const Element& element : structure.elements) {
        const auto material = std::ranges::find(kMaterials, element.material) - kMaterials.begin();
        debris.elements.push_back({element.kind, element.floor, static_cast<int>(material)});
    }
    for (const Piece& piece : structure.pieces) {
        DebrisPiece made{.points = {},
                         .faces = {},
                         .centre = rounded(piece.shape.centre),
                         .mass_kg = static_cast<float>(piece.mass_kg),
                         .element = piece.element,
                         .material = debris.elements[static_cast<std::size_t>(piece.element)].material};
        for (const Eigen::Vector3d& point : piece.solid.points)
            made.points.push_back(rounded(point - piece.shape.centre));
        for (const Solid::Face& face : piece.solid.faces)
            made.faces.push_back({face.corners, face.outer});
        debris.pieces.push_back(std::move(made));
    }
    return debris;
}

DebrisFrame debris_frame_of(const std::vector<Pose>& poses, double time_scale)
{
    DebrisFrame frame;
    for (const Pose& one : poses)
        frame.push_back({.centre = rounded(one.centre),
                         .turn = {static_cast<float>(one.turn.w()), static_cast<float>(one.turn.x()),
                                  static_cast<float>(one.turn.y()), static_cast<float>(one.turn.z())},
                         .velocity = rounded(one.velocity * time_scale),
                         .spin = rounded(one.spin * time_scale)});
    return frame;
}

}  // namespace platefall::collapse
