#include "collapse/motion/motion.h"

#include "collapse/motion/charges.h"
#include "collapse/motion/fall.h"
#include "collapse/motion/impacts.h"
#include "collapse/motion/sleeping.h"
#include "collapse/motion/stress_breaking.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::collapse {
namespace {

constexpr double kStressEvery_s = 1.0 / 60;
constexpr double kMostGrowth = 0.01;         // of the building's potential energy, in a frame

void check(const Structure& structure, const MotionSettings& settings)
{
    if (structure.pieces.empty())
        throw Error("collapse: the structure has no pieces: there is nothing to simulate");
    if (!(settings.fps > 0) || !(settings.time_scale > 0) || settings.steps_per_s < 1 || settings.frames < 1
        || settings.iterations < 1)
        throw Error(fmt::format("collapse: fps {}, time_scale {}, steps_per_s {}, iterations {} and frames {} must all "
                                "be positive", settings.fps, settings.time_scale, settings.steps_per_s,
                                settings.iterations, settings.frames));
}

/// Fails loudly when a frame made energy out of nothing.
class EnergyCheck {
public:
    explicit EnergyCheck(const Fall& fall) : last_(fall.energy()), whole_(std::max(last_, 1.0)) {}

    double note(const Fall& fall, int frame)
    {
        const double now = fall.energy();
        const double growth = now - last_ - (fall.charged_J - charged_);
        if (!(growth <= kMostGrowth * whole_))                   // NaN fails too
            throw Error(fmt::format("collapse: energy grew by {:.3g} J ({:.1f} % of the building's) in frame {}: the "
                                    "simulation has come apart; raise steps_per_s or iterations",
                                    growth, 100 * growth / whole_, frame));
        last_ = now;
        charged_ = fall.charged_J;
        return now;
    }

private:
    double last_, whole_, charged_ = 0;
};

/// One step, and all that follows from it.
class Clock {
public:
    Clock(Fall& fall, const Failure& failure, const Structure& structure, double dt_s)
        : fall_(fall), charges_(failure), impacts_(structure), stress_(fall), dt_s_(dt_s),
          stress_every_(std::max(1, static_cast<int>(std::lround(kStressEvery_s / dt_s))))
    {
    }

    void tick()
    {
        charges_.fire(fall_);
        if (fall_.motion.steps % stress_every_ == 0)
            stress_.strain(impacts_.borne());
        fall_.advance(dt_s_);
        impacts_.strike(fall_, dt_s_);
        settle(fall_, dt_s_);
    }

private:
    Fall& fall_;
    Charges charges_;
    Impacts impacts_;
    StressBreaking stress_;
    double dt_s_;
    int stress_every_;
};

}  // namespace

Motion simulate(const Structure& structure, const Failure& failure, const MotionSettings& settings,
                const std::function<void(double)>& progress)
{
    check(structure, settings);
    const double frame_s = settings.time_scale / settings.fps;
    const int steps = std::max(1, static_cast<int>(std::ceil(frame_s * settings.steps_per_s - 1e-9)));

    Fall fall(structure, failure, settings);
    Clock clock(fall, failure, structure, frame_s / steps);
    EnergyCheck energy(fall);
    fall.motion.poses.push_back(fall.poses());
    fall.motion.energy_J.push_back(fall.energy());
    for (int frame = 1; frame < settings.frames; ++frame) {
        for (int step = 0; step < steps; ++step)
            clock.tick();
        fall.motion.poses.push_back(fall.poses());
        fall.motion.energy_J.push_back(energy.note(fall, frame));
        if (progress)
            progress(static_cast<double>(frame) / settings.frames);
    }
    if (progress)
        progress(1);
    std::ranges::stable_sort(fall.motion.broken, [](const BrokenBond& a, const BrokenBond& b) {
        return std::pair(a.time_s, a.bond) < std::pair(b.time_s, b.bond);
    });
    return std::move(fall.motion);
}

}  // namespace platefall::collapse
