// A stage in C++ for `use = "lib:shake"`: the camera feels the building hit the ground.
//
//     c++ -std=c++20 -shared -fPIC -O2 -I PREFIX/include shake.cpp -o shake.so
#include <platefall/plugin.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace {

/// Two slow waves a direction that nobody recognises as waves, dying away after the blow.
class Shake {
public:
    static constexpr const char* summary = "Shakes the picture after a blow, less and less.";
    static constexpr int version = 1;

    static std::vector<pf::Param> params()
    {
        pf::Param frame = pf::integer("frame", nullptr, "The frame of the blow.");
        frame.unit = "frame";
        frame.required = 1;
        pf::Param strength = pf::number("strength", "4", "How far the picture moves at first.");
        strength.unit = "px";
        pf::Param half_life = pf::number("half_life", "0.25", "After how long it moves half as far.");
        half_life.unit = "s";
        return {pf::text("layer", "\"comp\"", "The layer to shake."), frame, strength, half_life};
    }

    explicit Shake(pf::Setup& setup)
        : layer_(setup.text("layer")), frame_(static_cast<int>(setup.integer("frame"))),
          strength_px_(setup.number("strength") / setup.shot().proxy), half_life_s_(setup.number("half_life")),
          fps_(setup.shot().fps), phase_(static_cast<double>(setup.shot().seed % 1000) * 0.01)
    {
        if (half_life_s_ <= 0)
            throw pf::Failure("'half_life' must be above 0", "half_life");
        setup.reads(layer_);
        setup.writes(layer_);
    }

    void process(pf::Frame& frame) const
    {
        const pf::View from = frame.layer(layer_);
        pf::View to = frame.add_like(layer_, from);
        const double seconds = (frame.number() - frame_) / fps_;
        const double size = seconds < 0 ? 0.0 : strength_px_ * std::exp2(-seconds / half_life_s_);
        move(from, to, size * wave(seconds, 7.3), size * wave(seconds, 9.1));
    }

private:
    double wave(double seconds, double hertz) const
    {
        const double angle = 2 * std::numbers::pi * hertz * seconds + phase_;
        return 0.7 * std::cos(angle) + 0.3 * std::sin(2.3 * angle);
    }

    /// Between pixels by linear interpolation; beyond the edge stands the edge. A whole step leaves every sample as it is.
    static void move(const pf::View& from, pf::View& to, double dx, double dy)
    {
        const auto [x0, y0, x1, y1] = from.data();
        const int whole_x = static_cast<int>(std::floor(dx)), whole_y = static_cast<int>(std::floor(dy));
        const auto part_x = static_cast<float>(dx - whole_x), part_y = static_cast<float>(dy - whole_y);
        const auto across = [&](int x, int y, int c) {
            const int left = std::clamp(x, x0, x1 - 1), right = std::clamp(x + 1, x0, x1 - 1);
            const int row = std::clamp(y, y0, y1 - 1);
            return from.at(left, row, c) * (1 - part_x) + from.at(right, row, c) * part_x;
        };
        for (int y = y0; y < y1; ++y)
            for (int x = x0; x < x1; ++x)
                for (int c = 0; c < from.channel_count(); ++c)
                    to.at(x, y, c) = across(x + whole_x, y + whole_y, c) * (1 - part_y)
                                     + across(x + whole_x, y + whole_y + 1, c) * part_y;
    }

    std::string layer_;
    int frame_;
    double strength_px_, half_life_s_, fps_, phase_;
};

}  // namespace

PF_STAGE(Shake)
