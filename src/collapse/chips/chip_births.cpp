#include "collapse/chips/chip_births.h"

#include "collapse/draws.h"
#include "collapse/parting.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kBroken_1_m2 = 45;
constexpr double kBlow_1_J = 1 / 2500.0;
constexpr double kMostBlow_1_kgs = 1;
constexpr double kCharge = 40;
constexpr double kBroken_m_s = 1.5, kCharged_m_s = 12;   // medians
constexpr double kSpread = 0.6;                          // sigma of the logarithm of speeds
constexpr double kFromBlow = 0.5;                        // of the speed of the blow, a median too
constexpr double kOverBroken_s = 0.15, kOverCharge_s = 0.03;
constexpr double kFastestRim_m_s = 6;                    // of what tumbles
constexpr double kMostSpin_1_s = 60;

/// Thin things break into small ones.
double largest_m(ElementKind kind)
{
    switch (kind) {
    case ElementKind::glass: return 0.08;
    case ElementKind::partition: return 0.18;
    case ElementKind::column:
    case ElementKind::beam:
    case ElementKind::slab:
    case ElementKind::wall:
    case ElementKind::core:
    case ElementKind::parapet:
    case ElementKind::block: return kLargestChip_m;
    }
    return kLargestChip_m;
}

struct Source {
    enum class Kind : std::uint64_t { broken, blow, charge };
    Kind kind;
    std::size_t number;                  ///< in its list
    double time_s, lasts_s;
    int piece;                           ///< whose motion they take along
    double chips;                        ///< how many, on average
};

/// What one chip is drawn with.
class Thrower {
public:
    Thrower(const Structure& structure, const Motion& motion, const Failure& failure, const ChipSettings& settings)
        : structure_(structure), motion_(motion), failure_(failure), settings_(settings)
    {
        for (const Eigen::Vector2d& corner : structure.footprint)
            middle_ += corner / static_cast<double>(structure.footprint.size());
    }

    std::vector<ThrownChip> all()
    {
        add_broken();
        add_blows();
        add_charges();
        double wanted = 0;
        for (const Source& source : sources_)
            wanted += source.chips * settings_.amount;
        const double share = settings_.amount * std::min(1.0, settings_.most / std::max(wanted, 1.0));
        std::vector<ThrownChip> chips;
        for (const Source& source : sources_)
            add_chips(source, share, chips);
        std::ranges::stable_sort(chips, {}, &ThrownChip::time_s);
        return chips;
    }

private:
    const Piece& piece(int index) const { return structure_.pieces[static_cast<std::size_t>(index)]; }
    const Element& element(int index) const
    {
        return structure_.elements[static_cast<std::size_t>(piece(index).element)];
    }

    void add_broken()
    {
        for (std::size_t i = 0; i < motion_.broken.size(); ++i) {
            const BrokenBond& broken = motion_.broken[i];
            const Bond& bond = structure_.bonds[static_cast<std::size_t>(broken.bond)];
            if (const auto parted_s = parting(structure_, motion_, settings_.frame_s, broken))
                sources_.push_back({Source::Kind::broken, i, *parted_s, kOverBroken_s, bond.first,
                                    kBroken_1_m2 * bond.area_m2});
        }
    }

    void add_blows()
    {
        std::vector<double> next_s(structure_.pieces.size(), -1);   // when a piece has got over its last blow
        for (std::size_t i = 0; i < motion_.impacts.size(); ++i) {
            const Impact& impact = motion_.impacts[i];
            const double mass = piece(impact.piece).mass_kg;
            double& ready_s = next_s[static_cast<std::size_t>(impact.piece)];
            const double chips = std::min(kBlow_1_J * impact.energy_J, 0.25 * kMostBlow_1_kgs * mass);
            if (impact.time_s < ready_s)
                continue;
            ready_s = impact.time_s + chips / (kMostBlow_1_kgs * mass);
            sources_.push_back({Source::Kind::blow, i, impact.time_s, 0, impact.piece, chips});
        }
    }

    /// Off the nearest thing that carries.
    void add_charges()
    {
        for (std::size_t i = 0; i < failure_.charges.size(); ++i) {
            const Charge& charge = failure_.charges[i];
            int nearest = -1;
            double least = 1e9;
            for (std::size_t p = 0; p < structure_.pieces.size(); ++p) {
                const double away = (structure_.pieces[p].shape.centre - charge.place).norm();
                if (away < least && structure_.elements[static_cast<std::size_t>(structure_.pieces[p].element)].kind
                                        != ElementKind::glass) {
                    least = away;
                    nearest = static_cast<int>(p);
                }
            }
            if (nearest >= 0)
                sources_.push_back({Source::Kind::charge, i, charge.time_s, kOverCharge_s, nearest, kCharge});
        }
    }

    void add_chips(const Source& source, double share, std::vector<ThrownChip>& chips) const
    {
        const std::uint64_t key = random_number(static_cast<std::uint64_t>(source.kind), source.number);
        // The number is rounded by chance, the same for every amount.
        const double count = source.chips * share + Draws(settings_.seed, Draws::Purpose::chip, key).uniform();
        for (int i = 0; i + 1 <= static_cast<int>(count); ++i)
            chips.push_back(thrown(source, Draws(settings_.seed, Draws::Purpose::chip,
                                                 random_number(key, static_cast<std::uint64_t>(i)))));
    }

    ThrownChip thrown(const Source& source, Draws draws) const
    {
        const Element& from = element(source.piece);
        ThrownChip chip;
        chip.element = piece(source.piece).element;
        chip.seed = static_cast<std::uint32_t>(draws.uniform() * 0x1p32);
        chip.size_m = chip_size(draws.uniform(), largest_m(from.kind));
        chip.time_s = source.time_s + source.lasts_s * draws.uniform();
        chip.turn = Eigen::Quaterniond(draws.normal(), draws.normal(), draws.normal(), draws.normal()).normalized();
        const Vector3d any = vector(draws);
        switch (source.kind) {
        case Source::Kind::broken: leave_gap(source, any, draws, chip); break;
        case Source::Kind::blow: leave_blow(source, any, draws, chip); break;
        case Source::Kind::charge: leave_charge(source, any, draws, chip); break;
        }
        const double most = std::min(kMostSpin_1_s, kFastestRim_m_s / (0.5 * chip.size_m));
        chip.spin = 0.4 * most * vector(draws);
        chip.spin *= std::min(1.0, most / std::max(chip.spin.norm(), 1e-9));
        return chip;
    }

    static Vector3d vector(Draws& draws)
    {
        const double x = draws.normal(), y = draws.normal(), z = draws.normal();
        return {x, y, z};
    }

    static double speed(double median_m_s, Draws& draws) { return median_m_s * std::exp(kSpread * draws.normal()); }

    /// A piece between two frames.
    Pose pose_at(int piece, double time_s) const
    {
        const double frame = std::clamp(time_s / settings_.frame_s, 0.0, static_cast<double>(motion_.poses.size() - 1));
        const auto before = static_cast<std::size_t>(frame), after = std::min(before + 1, motion_.poses.size() - 1);
        const Pose &a = motion_.poses[before][static_cast<std::size_t>(piece)],
                   &b = motion_.poses[after][static_cast<std::size_t>(piece)];
        const double part = frame - static_cast<double>(before);
        return {.centre = a.centre + part * (b.centre - a.centre),
                .turn = a.turn.slerp(part, b.turn),
                .velocity = a.velocity + part * (b.velocity - a.velocity),
                .spin = a.spin + part * (b.spin - a.spin)};
    }

    /// Squeezed out between the two faces, and a little with either.
    void leave_gap(const Source& source, const Vector3d& any, Draws& draws, ThrownChip& chip) const
    {
        const Bond& bond = structure_.bonds[static_cast<std::size_t>(motion_.broken[source.number].bond)];
        chip.size_m = std::min(chip.size_m, 0.7 * std::sqrt(bond.area_m2));
        const Pose pose = pose_at(source.piece, chip.time_s);
        const Vector3d along = (any - any.dot(bond.normal) * bond.normal).stableNormalized();
        const double out = 0.5 * std::sqrt(bond.area_m2) * std::sqrt(draws.uniform());
        const Vector3d rest = bond.middle + out * along;
        chip.place = carried(piece(source.piece), pose, rest);
        const Vector3d way = pose.turn * (along + 0.5 * draws.normal() * bond.normal);
        chip.velocity = pose.velocity + pose.spin.cross(chip.place - pose.centre)
                        + speed(kBroken_m_s, draws) * way.stableNormalized();
    }

    /// Back from what was hit, in a wide cone. Impacts are known after the piece has met it.
    void leave_blow(const Source& source, const Vector3d& any, Draws& draws, ThrownChip& chip) const
    {
        const Impact& impact = motion_.impacts[source.number];
        const double blow = impact.velocity.norm();
        const Vector3d back = blow > 0 ? Vector3d(-impact.velocity / blow) : Vector3d::UnitY();
        const double across = 0.3 * std::cbrt(piece(source.piece).shape.volume_m3);
        chip.place = impact.place + across * Vector3d(any.x(), 0.3 * std::abs(any.y()), any.z());
        Vector3d way = 0.6 * back + vector(draws);
        if (way.dot(back) < 0)
            way -= 2 * way.dot(back) * back;
        chip.velocity = 0.2 * impact.velocity + std::min(20.0, speed(kFromBlow * blow, draws)) * way.stableNormalized();
    }

    /// Out of the building.
    void leave_charge(const Source& source, const Vector3d& any, Draws& draws, ThrownChip& chip) const
    {
        const Vector3d& from = failure_.charges[source.number].place;
        const Vector3d outwards = Vector3d(from.x() - middle_.x(), 0, from.z() - middle_.y()).stableNormalized();
        chip.place = from + 0.25 * any;
        const Vector3d way = 1.2 * outwards + Vector3d(any.x(), 0.6 * any.y() + 0.1, any.z());
        chip.velocity = std::min(45.0, speed(kCharged_m_s, draws)) * way.stableNormalized();
    }

    const Structure& structure_;
    const Motion& motion_;
    const Failure& failure_;
    const ChipSettings& settings_;
    Eigen::Vector2d middle_ = Eigen::Vector2d::Zero();
    std::vector<Source> sources_;
};

}  // namespace

/// The inverse of 1 - (least / d)^2, cut off at the largest.
double chip_size(double share, double largest_m)
{
    const double cut = kLeastChip_m / largest_m;
    return kLeastChip_m / std::sqrt(1 - share * (1 - cut * cut));
}

std::vector<ThrownChip> throw_chips(const Structure& structure, const Motion& motion, const Failure& failure,
                                    const ChipSettings& settings)
{
    if (settings.amount == 0 || motion.poses.empty())
        return {};
    return Thrower(structure, motion, failure, settings).all();
}

}  // namespace platefall::collapse
