#include "scene/debris.h"

#include "scene/packed_file.h"

namespace platefall {
namespace {

constexpr std::string_view kDebris = "platefall debris 2";
constexpr std::string_view kFrame = "platefall debris frame 1";

Vec3f cross(const Vec3f& a, const Vec3f& b)
{
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

}  // namespace

void save_debris(const Debris& debris, const std::filesystem::path& path)
{
    PackedWriter file;
    file.put(static_cast<std::uint64_t>(debris.materials.size()));
    for (const std::string& material : debris.materials)
        file.put(std::string_view(material));
    file.put(debris.elements);
    file.put(static_cast<std::uint64_t>(debris.pieces.size()));
    for (const DebrisPiece& piece : debris.pieces) {
        file.put(piece.points);
        file.put(static_cast<std::uint64_t>(piece.faces.size()));
        for (const auto& face : piece.faces) {
            file.put(face.corners);
            file.put(face.outer);
        }
        file.put(piece.centre);
        file.put(piece.mass_kg);
        file.put(piece.element);
        file.put(piece.material);
    }
    file.save(path, kDebris);
}

Debris load_debris(const std::filesystem::path& path)
{
    PackedReader file(path, kDebris);
    Debris debris;
    for (auto left = file.get<std::uint64_t>(); left > 0; --left)
        debris.materials.push_back(file.text());
    debris.elements = file.get_all<DebrisElement>();
    for (auto left = file.get<std::uint64_t>(); left > 0; --left) {
        DebrisPiece piece;
        piece.points = file.get_all<Vec3f>();
        for (auto faces = file.get<std::uint64_t>(); faces > 0; --faces) {
            auto corners = file.get_all<int>();
            piece.faces.push_back({std::move(corners), file.get<bool>()});
        }
        piece.centre = file.get<Vec3f>();
        piece.mass_kg = file.get<float>();
        piece.element = file.get<int>();
        piece.material = file.get<int>();
        debris.pieces.push_back(std::move(piece));
    }
    return debris;
}

void save_debris_frame(const DebrisFrame& frame, const std::filesystem::path& path)
{
    PackedWriter file;
    file.put(frame);
    file.save(path, kFrame);
}

DebrisFrame load_debris_frame(const std::filesystem::path& path)
{
    return PackedReader(path, kFrame).get_all<DebrisPose>();
}

/// v' = v + 2 w (q x v) + 2 q x (q x v)
Vec3f placed(const DebrisPose& pose, const Vec3f& v)
{
    const Vec3f q{pose.turn.x, pose.turn.y, pose.turn.z};
    const Vec3f once = cross(q, v), twice = cross(q, once);
    const float w = pose.turn.w;
    return {pose.centre.x + v.x + 2 * (w * once.x + twice.x), pose.centre.y + v.y + 2 * (w * once.y + twice.y),
            pose.centre.z + v.z + 2 * (w * once.z + twice.z)};
}

}  // namespace platefall
