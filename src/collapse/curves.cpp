#include "collapse/curves.h"

#include <algorithm>
#include <numeric>

namespace platefall::collapse {

std::vector<Curve> motion_curves(const Motion& motion, const MotionSettings& settings, int trigger)
{
    constexpr double kStill_m_s = 0.05, kMegajoule = 1e6;
    Curve moving{"pieces moving", "", trigger}, broken{"bonds broken", "", trigger}, energy{"energy", "MJ", trigger};
    const auto moves = [](const Pose& pose) { return pose.velocity.norm() > kStill_m_s; };
    for (std::size_t frame = 0; frame < motion.poses.size(); ++frame) {
        const double time_s = static_cast<double>(frame) * settings.time_scale / settings.fps;
        const auto later = std::ranges::find_if(motion.broken, [&](const BrokenBond& bond) { return bond.time_s > time_s; });
        moving.values.push_back(static_cast<double>(std::ranges::count_if(motion.poses[frame], moves)));
        broken.values.push_back(static_cast<double>(later - motion.broken.begin()));
    }
    for (const double joule : motion.energy_J)
        energy.values.push_back(joule / kMegajoule);
    return {moving, broken, energy};
}

double mass_of(const DustFrame& dust)
{
    const double cell_m3 = static_cast<double>(dust.cell_m) * dust.cell_m * dust.cell_m;
    double sum = 0;
    for (const std::vector<float>& density : dust.density)
        sum = std::accumulate(density.begin(), density.end(), sum);
    return sum * cell_m3;
}

}  // namespace platefall::collapse
