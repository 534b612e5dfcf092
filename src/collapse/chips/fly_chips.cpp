#include "collapse/chips/fly_chips.h"

#include "base/parallel.h"
#include "collapse/chips/chip_flight.h"
#include "collapse/chips/heap.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

Vec3f rounded(const Eigen::Vector3d& v)
{
    return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z())};
}

DebrisPose pose_of(const ChipFlight& chip, double time_scale)
{
    const Eigen::Quaterniond& turn = chip.turn();
    return {.centre = rounded(chip.place()),
            .turn = {static_cast<float>(turn.w()), static_cast<float>(turn.x()), static_cast<float>(turn.y()),
                     static_cast<float>(turn.z())},
            .velocity = rounded(chip.velocity() * time_scale),
            .spin = rounded(chip.spin() * time_scale)};
}

/// Those that the shot shows, lifted off the ground.
std::vector<ThrownChip> worth_following(const std::vector<ThrownChip>& thrown, const MotionSettings& settings)
{
    const double last_s = (settings.frames - 1) * settings.time_scale / settings.fps;
    std::vector<ThrownChip> chips;
    for (ThrownChip chip : thrown) {
        chip.place.y() = std::max(chip.place.y(), settings.ground_m + 0.5 * chip.size_m);
        const auto holds = [&](const Obstacle& box) {
            return (chip.place.array() > box.low.array() - chip.size_m).all()
                   && (chip.place.array() < box.high.array() + chip.size_m).all();
        };
        if (chip.time_s <= last_s && std::ranges::none_of(settings.obstacles, holds))
            chips.push_back(chip);
    }
    return chips;
}

}  // namespace

Chips fly_chips(const std::vector<ThrownChip>& thrown, const Structure& structure, const Motion& motion,
                const MotionSettings& settings, const std::function<void(int frame, const ChipsFrame&)>& save)
{
    const double frame_s = settings.time_scale / settings.fps;
    const std::vector<ThrownChip> chips = worth_following(thrown, settings);
    Heap heap(structure);
    const ChipGround ground{settings.ground_m, settings.gravity_m_s2, settings.obstacles, &heap};
    std::vector<ChipFlight> flights;
    Chips known;
    for (int frame = 0; frame < settings.frames; ++frame) {
        const double now_s = frame * frame_s;
        heap.pile(motion.poses[static_cast<std::size_t>(frame)]);
        while (flights.size() < chips.size() && chips[flights.size()].time_s <= now_s) {
            const ThrownChip& chip = chips[flights.size()];
            const Element& from = structure.elements[static_cast<std::size_t>(chip.element)];
            known.push_back({.size_m = static_cast<float>(chip.size_m), .element = chip.element, .born = frame,
                             .seed = chip.seed});
            flights.emplace_back(chip, facts(from.material));
        }
        ChipsFrame poses(flights.size());
        parallel_rows(0, static_cast<int>(flights.size()), [&](int first, int last) {
            for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
                flights[i].advance(std::min(frame_s, now_s - chips[i].time_s), ground);
                poses[i] = pose_of(flights[i], settings.time_scale);
            }
        });
        save(frame, poses);
    }
    return known;
}

}  // namespace platefall::collapse
