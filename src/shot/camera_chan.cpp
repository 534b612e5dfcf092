#include "base/files.h"
#include "shot/camera_file.h"
#include "shot/camera_pose.h"

#include <platefall/params.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <sstream>
#include <string_view>
#include <vector>

namespace platefall {
namespace {

/// One line of a .chan file, with the means to point into it.
class ChanLine {
public:
    ChanLine(const std::string& file, int number, const std::string& text, Faults& faults)
        : file_(file), number_(number), text_(text), faults_(faults)
    {
        constexpr std::string_view kSpaces = " \t";
        const std::string_view content = std::string_view(text).substr(0, text.find('#'));
        for (std::size_t end = 0;;) {
            const std::size_t begin = content.find_first_not_of(kSpaces, end);
            if (begin == std::string_view::npos)
                break;
            end = std::min(content.find_first_of(kSpaces, begin), content.size());
            words_.push_back({begin, content.substr(begin, end - begin)});
        }
    }

    bool empty() const { return words_.empty(); }

    /// The eight numbers, or nothing and a fault for each that is wrong.
    std::optional<std::array<double, 8>> numbers()
    {
        std::array<double, 8> values{};
        if (words_.size() != values.size()) {
            fault(0, fmt::format("a line has 8 numbers, frame tx ty tz rx ry rz vertical_fov; this one has {}",
                                 words_.size()));
            return std::nullopt;
        }
        bool good = true;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::string_view word = words_[i].text;
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), values[i]);
            if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(values[i]))
                good = fault(i, fmt::format("'{}' is not a number", word));
            else if (i == 0 && (values[0] != std::round(values[0]) || std::abs(values[0]) > 1e9))
                good = fault(i, fmt::format("frame '{}' is not a whole number", word));
            else if (i == 7 && !is_field_of_view(values[7]))
                good = fault(i, fmt::format("the vertical field of view must be between 0 and 180 degrees (is {})",
                                            word));
        }
        return good ? std::optional(values) : std::nullopt;
    }

    std::string place() const { return fmt::format("{}:{}:{}", file_, number_, column(0)); }

private:
    struct Word {
        std::size_t begin;
        std::string_view text;
    };

    int column(std::size_t word) const { return static_cast<int>(words_[word].begin) + 1; }

    bool fault(std::size_t word, const std::string& message)
    {
        faults_.add(at(Origin{file_, number_, column(word), text_}, message));
        return false;
    }

    const std::string& file_;
    const int number_;
    const std::string& text_;
    Faults& faults_;
    std::vector<Word> words_;
};

}  // namespace

Cameras read_chan(const std::filesystem::path& path, const CameraConventions& conventions, Faults& faults)
{
    Cameras cameras;
    const std::string file = path.string();
    const Vec2 film_back_mm = conventions.film_back_mm.value();
    std::istringstream lines(read_text_file(path));
    int number = 0;
    for (std::string text; std::getline(lines, text);) {
        if (text.ends_with('\r'))
            text.pop_back();
        ChanLine line(file, ++number, text, faults);
        if (line.empty())
            continue;
        const auto values = line.numbers();
        if (!values)
            continue;
        const auto& [frame, tx, ty, tz, rx, ry, rz, fov] = *values;
        const Mat4 pose = pose_from_angles({tx, ty, tz}, {rx, ry, rz}, conventions.rotation_order);
        add_camera(static_cast<int>(frame),
                   {conventions.in_our_world(pose), focal_length_of_fov(fov, film_back_mm[1]), film_back_mm},
                   line.place(), cameras, faults);
    }
    return cameras;
}

}  // namespace platefall
