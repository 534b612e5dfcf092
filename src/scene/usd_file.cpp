#include "scene/scene_files.h"

#include "base/files.h"

#include <fmt/format.h>

namespace platefall {
namespace {

using Text = fmt::memory_buffer;

template <class... Values> void add(Text& text, fmt::format_string<Values...> format, Values&&... values)
{
    fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

template <class Items, class Write> void add_list(Text& text, const Items& items, Write write)
{
    add(text, "[");
    const char* separator = "";
    for (const auto& item : items) {
        add(text, "{}", separator);
        write(item);
        separator = ", ";
    }
    add(text, "]\n");
}

void add_vector(Text& text, const Vec3f& v)
{
    add(text, "({}, {}, {})", v.x, v.y, v.z);
}

void add_shape(Text& text, const Debris& debris, const DebrisPiece& piece)
{
    add(text, "        point3f[] points = ");
    add_list(text, piece.points, [&](const Vec3f& point) { add_vector(text, point); });
    add(text, "        int[] faceVertexCounts = ");
    add_list(text, piece.faces, [&](const auto& face) { add(text, "{}", face.corners.size()); });
    std::vector<int> corners;
    for (const auto& face : piece.faces)
        corners.insert(corners.end(), face.corners.begin(), face.corners.end());
    add(text, "        int[] faceVertexIndices = ");
    add_list(text, corners, [&](int corner) { add(text, "{}", corner); });
    add(text, "        int[] primvars:outer = ");
    add_list(text, piece.faces, [&](const auto& face) { add(text, "{}", face.outer ? 1 : 0); });
    text.resize(text.size() - 1);
    const DebrisElement& element = debris.elements[static_cast<std::size_t>(piece.element)];
    add(text, " (interpolation = \"uniform\")\n"
              "        uniform token subdivisionScheme = \"none\"\n"
              "        custom string platefall:material = \"{}\"\n"
              "        custom int platefall:element = {}\n"
              "        custom string platefall:kind = \"{}\"\n"
              "        custom int platefall:floor = {}\n"
              "        custom float platefall:mass = {}\n",
        debris.materials[static_cast<std::size_t>(piece.material)], piece.element,
        name_of(element.kind), element.floor, piece.mass_kg);
}

/// One attribute over time; what does not change from one frame to the next is left out between.
template <class Value, class Write>
void add_samples(Text& text, std::string_view attribute, const DebrisShot& shot, std::size_t piece,
                 Value value, Write write)
{
    add(text, "        {}.timeSamples = {{", attribute);
    for (std::size_t i = 0; i < shot.frames.size(); ++i) {
        const auto& own = value(shot.frames[i][piece]);
        const bool same_before = i > 0 && own == value(shot.frames[i - 1][piece]);
        const bool same_after = i + 1 < shot.frames.size() && own == value(shot.frames[i + 1][piece]);
        if (same_before && same_after)
            continue;
        add(text, " {}: ", shot.first_frame + static_cast<int>(i));
        write(own);
        add(text, ",");
    }
    add(text, " }}\n");
}

void add_motion(Text& text, const DebrisShot& shot, std::size_t piece)
{
    const auto vector = [&](const Vec3f& v) { add_vector(text, v); };
    add_samples(text, "double3 xformOp:translate", shot, piece, [](const auto& pose) { return pose.centre; }, vector);
    add_samples(text, "quatf xformOp:orient", shot, piece, [](const auto& pose) { return pose.turn; },
                [&](const Quatf& q) { add(text, "({}, {}, {}, {})", q.w, q.x, q.y, q.z); });
    add(text, "        uniform token[] xformOpOrder = [\"xformOp:translate\", \"xformOp:orient\"]\n");
    add_samples(
        text, "custom vector3f platefall:velocity", shot, piece,
        [](const auto& pose) { return pose.velocity; }, vector);
    add_samples(
        text, "custom vector3f platefall:spin", shot, piece, [](const auto& pose) { return pose.spin; },
        vector);
}

}  // namespace

void write_usd(const Debris& debris, const DebrisShot& shot, const std::filesystem::path& path)
{
    Text text;
    const int last = shot.first_frame + static_cast<int>(shot.frames.size()) - 1;
    add(text,
        "#usda 1.0\n(\n    defaultPrim = \"debris\"\n    metersPerUnit = 1\n    upAxis = \"Y\"\n"
        "    startTimeCode = {}\n    endTimeCode = {}\n    timeCodesPerSecond = {}\n    framesPerSecond = "
        "{}\n)\n\n"
        "def Xform \"debris\"\n{{\n",
        shot.first_frame, last, shot.fps, shot.fps);
    for (std::size_t i = 0; i < debris.pieces.size(); ++i) {
        add(text, "    def Mesh \"piece_{:05}\"\n    {{\n", i);
        add_shape(text, debris, debris.pieces[i]);
        add_motion(text, shot, i);
        add(text, "    }}\n");
    }
    add(text, "}}\n");
    write_file_atomically(path, std::string_view(text.data(), text.size()));
}

}  // namespace platefall
