#include "base/files.h"
#include "base/spelling.h"
#include "shot/camera_file.h"
#include "shot/camera_pose.h"

#include <platefall/params.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace platefall {
namespace {

using Json = nlohmann::json;

/// One object of "frames". Every reader returns nothing and adds a fault when the value is wrong.
class JsonFrame {
public:
    JsonFrame(const Json& json, std::string place, const CameraConventions& conventions, Faults& faults)
        : json_(json), place_(std::move(place)), conventions_(conventions), faults_(faults)
    {
    }

    std::optional<int> frame()
    {
        const Json* frame = find("frame");
        if (frame == nullptr || !frame->is_number_integer() || std::abs(frame->get<double>()) > 1e9)
            return fault("'frame' must be given as a whole number");
        return frame->get<int>();
    }

    std::optional<Camera> camera()
    {
        check_keys();
        const auto pose = one_of("world_from_camera", "position") ? this->pose() : std::nullopt;
        const auto film_back_mm = film_back();
        const bool lens = one_of("focal_length_mm", "vertical_fov_deg");
        const auto focal_length_mm = lens && film_back_mm ? focal_length((*film_back_mm)[1]) : std::nullopt;
        if (!pose || !film_back_mm || !focal_length_mm)
            return std::nullopt;
        return Camera{conventions_.in_our_world(*pose), *focal_length_mm, *film_back_mm};
    }

private:
    std::nullopt_t fault(const std::string& message)
    {
        faults_.add(place_ + ": " + message);
        return std::nullopt;
    }

    const Json* find(const char* key) const
    {
        const auto found = json_.find(key);
        return found == json_.end() ? nullptr : &*found;
    }

    void check_keys()
    {
        static const std::vector<std::string> known{"frame", "world_from_camera", "position", "rotation_deg",
                                                    "focal_length_mm", "vertical_fov_deg", "film_back_mm"};
        for (const auto& [key, value] : json_.items()) {
            const std::string hint = did_you_mean(key, known);
            if (std::find(known.begin(), known.end(), key) == known.end())
                fault(fmt::format("unknown key '{}'{}", key, hint.empty() ? "" : " (" + hint + ")"));
        }
    }

    bool one_of(const char* a, const char* b)
    {
        if ((find(a) != nullptr) != (find(b) != nullptr))
            return true;
        fault(fmt::format("give either '{}' or '{}'{}", a, b, find(a) != nullptr ? ", not both" : ""));
        return false;
    }

    template <std::size_t N>
    static std::optional<std::array<double, N>> numbers_in(const Json& list)
    {
        if (!list.is_array() || list.size() != N)
            return std::nullopt;
        std::array<double, N> values{};
        for (std::size_t i = 0; i < N; ++i) {
            if (!list[i].is_number())
                return std::nullopt;
            values[i] = list[i].get<double>();
        }
        return values;
    }

    template <std::size_t N>
    std::optional<std::array<double, N>> numbers(const char* key)
    {
        const Json* list = find(key);
        const auto values = list != nullptr ? numbers_in<N>(*list) : std::nullopt;
        if (!values)
            fault(fmt::format("'{}' must be a list of {} numbers", key, N));
        return values;
    }

    std::optional<Mat4> pose()
    {
        if (find("world_from_camera") != nullptr)
            return matrix();
        const auto position = numbers<3>("position"), rotation_deg = numbers<3>("rotation_deg");
        if (conventions_.rotation_order.empty())
            return fault("'rotation_deg' needs 'rotation_order' in [camera], which the file does not hold");
        if (!position || !rotation_deg)
            return std::nullopt;
        return pose_from_angles(*position, *rotation_deg, conventions_.rotation_order);
    }

    std::optional<Mat4> matrix()
    {
        if (find("rotation_deg") != nullptr)
            return fault("give either 'world_from_camera' or 'rotation_deg', not both");
        const Json& rows = *find("world_from_camera");
        Mat4 pose{};
        for (std::size_t row = 0; row < 4; ++row) {
            const auto values = rows.is_array() && rows.size() == 4 ? numbers_in<4>(rows[row]) : std::nullopt;
            if (!values)
                return fault("'world_from_camera' must be four lists of four numbers");
            pose[row] = *values;
        }
        if (!is_rigid(pose))
            return fault("'world_from_camera' must only turn and move; it scales, shears or mirrors");
        return pose;
    }

    std::optional<Vec2> film_back()
    {
        if (find("film_back_mm") == nullptr && conventions_.film_back_mm)
            return conventions_.film_back_mm;
        if (find("film_back_mm") == nullptr)
            return fault("'film_back_mm' is neither here nor in [camera]");
        const auto values = numbers<2>("film_back_mm");
        if (values && !((*values)[0] > 0 && (*values)[1] > 0))
            return fault("'film_back_mm' must be positive");
        return values;
    }

    std::optional<double> focal_length(double film_back_height_mm)
    {
        const Json* focal_length = find("focal_length_mm");
        const Json& value = focal_length != nullptr ? *focal_length : *find("vertical_fov_deg");
        const double number = value.is_number() ? value.get<double>() : 0;
        if (focal_length != nullptr && !(number > 0))
            return fault("'focal_length_mm' must be a positive number");
        if (focal_length != nullptr)
            return number;
        if (!is_field_of_view(number))
            return fault("'vertical_fov_deg' must be between 0 and 180");
        return focal_length_of_fov(number, film_back_height_mm);
    }

    const Json& json_;
    const std::string place_;
    const CameraConventions& conventions_;
    Faults& faults_;
};

/// Points at the byte at which the parser gave up.
Error json_error(const std::string& file, const std::string& text, const Json::parse_error& error)
{
    const std::size_t byte = std::min(error.byte > 0 ? error.byte - 1 : 0, text.size());
    const std::size_t newline = byte > 0 ? text.rfind('\n', byte - 1) : std::string::npos;
    const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
    return Error(at(Origin{file, static_cast<int>(line), static_cast<int>(byte - begin) + 1,
                           text.substr(begin, text.find('\n', begin) - begin)},
                    "this is not JSON"));
}

}  // namespace

Cameras read_camera_json(const std::filesystem::path& path, const CameraConventions& conventions, Faults& faults)
{
    const std::string file = path.string(), text = read_text_file(path);
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw json_error(file, text, error);
    }
    const auto frames = json.is_object() ? json.find("frames") : json.end();
    if (frames == json.end() || !frames->is_array())
        throw Error(fmt::format("{}: there is no list 'frames'", file));

    Cameras cameras;
    for (std::size_t i = 0; i < frames->size(); ++i) {
        const std::string place = fmt::format("{}: frames[{}]", file, i);
        if (!(*frames)[i].is_object()) {
            faults.add(place + " is not an object");
            continue;
        }
        JsonFrame reader((*frames)[i], place, conventions, faults);
        const auto frame = reader.frame();
        const auto camera = reader.camera();
        if (frame && camera)
            add_camera(*frame, *camera, place, cameras, faults);
    }
    return cameras;
}

}  // namespace platefall
