#include "collapse/styles.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace {

constexpr double kPerDegree = std::numbers::pi / 180;
constexpr double kHinge = -0.5;          // a toppling building turns on what is farther back than this
constexpr double kHingeCut_s = 0;        // before the wedge goes: nothing may hang on it as on a cantilever
constexpr double kHingeGoes_s = 3.5;     // when a building of ten storeys is well over

/// Something that carries, where a charge can cut it.
struct Bearer {
    int floor;
    Eigen::Vector3d middle;
};

Eigen::Vector3d middle_of(const Solid& solid)
{
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    for (const Eigen::Vector3d& point : solid.points)
        sum += point;
    return sum / static_cast<double>(solid.points.size());
}

bool carries(const Element& element)
{
    return element.kind == ElementKind::column || element.kind == ElementKind::core || element.kind == ElementKind::wall
           || element.kind == ElementKind::block;
}

std::vector<Bearer> bearers_of(const std::vector<Element>& elements)
{
    std::vector<Bearer> bearers;
    for (const Element& element : elements)
        if (carries(element))
            bearers.push_back({element.floor, middle_of(element.solid)});
    return bearers;
}

/// The same with a place every so often along what is long, so that charges leave nothing of it between them.
std::vector<Bearer> closely(const std::vector<Element>& elements)
{
    constexpr double kApart_m = 2;
    std::vector<Bearer> bearers;
    for (const Element& element : elements) {
        if (!carries(element))
            continue;
        Eigen::AlignedBox3d box;
        for (const Eigen::Vector3d& point : element.solid.points)
            box.extend(point);
        const Eigen::Array3i count = (box.sizes().array() / kApart_m).ceil().cast<int>().max(1);
        for (int x = 0; x < count.x(); ++x)
            for (int y = 0; y < count.y(); ++y)
                for (int z = 0; z < count.z(); ++z)
                    bearers.push_back({element.floor, box.min() + ((Eigen::Array3d(x, y, z) + 0.5) / count.cast<double>()
                                                                   * box.sizes().array()).matrix()});
    }
    return bearers;
}

/// The footprint as the styles see it.
struct Ground {
    Eigen::Vector2d centre = Eigen::Vector2d::Zero();
    double reach_m = 0;      ///< from the centre to the farthest corner

    std::vector<Eigen::Vector2d> corners;

    explicit Ground(const std::vector<Eigen::Vector2d>& footprint) : corners(footprint)
    {
        for (const Eigen::Vector2d& corner : footprint)
            centre += corner / static_cast<double>(footprint.size());
        for (const Eigen::Vector2d& corner : footprint)
            reach_m = std::max(reach_m, (corner - centre).norm());
    }

    Eigen::Vector2d from_centre(const Eigen::Vector3d& place) const
    {
        return Eigen::Vector2d(place.x(), place.z()) - centre;
    }

    /// The same between the two sides that a building turns from and to, -1 and 1.
    double across(const Eigen::Vector3d& place, double azimuth_deg) const
    {
        const Eigen::Vector2d way(std::cos(azimuth_deg * kPerDegree), std::sin(azimuth_deg * kPerDegree));
        double low = 0, high = 0;
        for (const Eigen::Vector2d& corner : corners) {
            low = std::min(low, (corner - centre).dot(way));
            high = std::max(high, (corner - centre).dot(way));
        }
        return high > low ? (2 * from_centre(place).dot(way) - high - low) / (high - low) : 0;
    }

    /// How far out towards an azimuth, -1..1.
    double towards(const Eigen::Vector3d& place, double azimuth_deg) const
    {
        const Eigen::Vector2d way(std::cos(azimuth_deg * kPerDegree), std::sin(azimuth_deg * kPerDegree));
        return from_centre(place).dot(way) / reach_m;
    }
};

// ---------------------------------------------------------------------------------- the manifest's rows

bool is_meant(const ChargeRow& row, const Bearer& bearer, const Ground& ground)
{
    if (bearer.floor != row.floor)
        return false;
    const Eigen::Vector2d place(bearer.middle.x(), bearer.middle.z());
    if (row.at)
        return (place - *row.at).norm() < row.radius_m + 1;
    if (!row.azimuth_deg)
        return true;
    const Eigen::Vector2d out = ground.from_centre(bearer.middle);
    const double off = std::remainder(std::atan2(out.y(), out.x()) / kPerDegree - *row.azimuth_deg, 360.0);
    return std::abs(off) <= row.width_deg / 2 && out.norm() > 0.4 * ground.reach_m;
}

void add_row(const ChargeRow& row, int number, const std::vector<Bearer>& bearers, const Ground& ground,
             std::vector<Charge>& charges)
{
    std::vector<const Bearer*> meant;
    for (const Bearer& bearer : bearers)
        if (is_meant(row, bearer, ground))
            meant.push_back(&bearer);
    if (meant.empty())
        throw Error(fmt::format(
            "charge {} is outside the building: nothing that carries stands there on floor {}; check 'at', "
            "'azimuth' and 'floor'",
            number, row.floor));
    for (const Bearer* bearer : meant)
        charges.push_back({row.delay_s, bearer->middle, row.radius_m, row.push_Ns / static_cast<double>(meant.size())});
}

// ------------------------------------------------------------------------------------------- the styles

/// Cuts what carries a floor, each after a delay; where there is none the bearer stays.
template <class Delay>
void cut(const std::vector<Bearer>& bearers, int floor, Delay delay_of, std::vector<Charge>& charges,
         double push_Ns = 0)
{
    for (const Bearer& bearer : bearers)
        if (bearer.floor == floor)
            if (const std::optional<double> delay = delay_of(bearer.middle))
                charges.push_back({*delay, bearer.middle, 1.5, push_Ns});
}

std::vector<Charge> implosion(const std::vector<Bearer>& bearers, const Ground& ground, int floors)
{
    constexpr double kOutwards_s = 0.35, kUpwards_s = 0.06;
    std::vector<Charge> charges;
    for (int floor = 0; floor < std::max(1, 2 * floors / 3); floor += 3)
        cut(bearers, floor, [&](const Eigen::Vector3d& place) -> std::optional<double> {
            return kOutwards_s * ground.from_centre(place).norm() / ground.reach_m + kUpwards_s * floor;
        }, charges);
    return charges;
}

std::vector<Charge> topple(const std::vector<Bearer>& bearers, const Ground& ground, int floors, double azimuth_deg)
{
    std::vector<Charge> charges;
    for (int floor = 0; floor < std::min(2, floors); ++floor)
        cut(bearers, floor, [&](const Eigen::Vector3d& place) -> std::optional<double> {
            const double towards = ground.across(place, azimuth_deg);
            // A wedge that is higher on the side it falls to; what is behind is the hinge.
            if (floor == 0)
                return towards > kHinge ? std::optional(0.06 * (1 - towards)) : std::nullopt;
            return towards > 0.25 ? std::optional(0.0) : std::nullopt;
        }, charges);
    return charges;
}

std::vector<Charge> progressive(const std::vector<Bearer>& bearers, const Ground& ground, double azimuth_deg)
{
    constexpr double kAcross_s = 2.2;
    std::vector<Charge> charges;
    cut(bearers, 0, [&](const Eigen::Vector3d& place) -> std::optional<double> {
        return kAcross_s * 0.5 * (1 - ground.towards(place, azimuth_deg));
    }, charges);
    return charges;
}

std::vector<Charge> blast(const std::vector<Bearer>& bearers, const Ground& ground, int floors, double azimuth_deg)
{
    constexpr double kPush_Ns = 6e4;
    std::vector<Charge> charges;
    for (int floor = 0; floor < std::min(2, floors); ++floor)
        cut(bearers, floor, [&](const Eigen::Vector3d& place) -> std::optional<double> {
            return ground.towards(place, azimuth_deg) > 0.2 ? std::optional(0.02 * floor) : std::nullopt;
        }, charges, kPush_Ns);
    return charges;
}

std::vector<Charge> charges_of(const Settings& settings, const std::vector<Element>& elements, const Ground& ground)
{
    const std::vector<Bearer> bearers = bearers_of(elements);
    std::vector<Charge> charges;
    for (std::size_t i = 0; i < settings.charges.size(); ++i)
        add_row(settings.charges[i], static_cast<int>(i) + 1, bearers, ground, charges);
    if (!settings.charges.empty())
        return charges;
    switch (settings.style) {
    case Style::implosion: return implosion(bearers, ground, settings.plan.floors);
    case Style::topple: return topple(closely(elements), ground, settings.plan.floors, settings.direction_deg);
    case Style::progressive: return progressive(bearers, ground, settings.direction_deg);
    case Style::blast: return blast(bearers, ground, settings.plan.floors, settings.direction_deg);
    }
    return charges;
}

/// Seconds after which a storey follows its neighbour at the latest; 0: no guide.
double storey_time(const Settings& settings)
{
    if (settings.storey_time_s)
        return *settings.storey_time_s;
    switch (settings.style) {
    case Style::implosion: return 0.15;
    case Style::topple: return 0;
    case Style::progressive: return 0.45;
    case Style::blast: return 0.4;
    }
    return 0;
}

/// From the lowest floor that is cut, upwards, once the last charge of that floor has gone.
std::vector<StoreyDeadline> deadlines_of(const Settings& settings, const std::vector<Charge>& charges, int lowest)
{
    const double step = storey_time(settings);
    std::vector<StoreyDeadline> deadlines;
    if (step == 0)
        return deadlines;
    double first = 0;
    for (const Charge& charge : charges)
        first = std::max(first, charge.time_s);
    for (int floor = lowest; floor < settings.plan.floors; ++floor)
        deadlines.push_back({floor, first + step * (1 + floor - lowest)});
    return deadlines;
}

int lowest_floor(const Settings& settings)
{
    int lowest = settings.charges.empty() ? 0 : settings.plan.floors - 1;
    for (const ChargeRow& row : settings.charges)
        lowest = std::min(lowest, row.floor);
    return lowest;
}

std::vector<char> kept(const std::vector<Box>& boxes, const Structure& structure)
{
    if (boxes.empty())
        return {};
    std::vector<char> keep;
    for (const Piece& piece : structure.pieces)
        keep.push_back(std::ranges::any_of(boxes, [&](const Box& box) {
            return (piece.shape.centre.array() >= box.low.array()).all()
                   && (piece.shape.centre.array() <= box.high.array()).all();
        }));
    return keep;
}

/// What carries the ground floor on the side that a toppling building does not fall to.
Hinge hinge_of(const Structure& structure, double azimuth_deg)
{
    const Ground ground(structure.footprint);
    Hinge hinge{.pieces = {}, .cut_s = kHingeCut_s, .goes_s = kHingeGoes_s};
    for (const Piece& piece : structure.pieces) {
        const Element& element = structure.elements[static_cast<std::size_t>(piece.element)];
        hinge.pieces.push_back(element.floor == 0 && carries(element)
                               && ground.across(middle_of(element.solid), azimuth_deg) <= kHinge);
    }
    return hinge;
}

}  // namespace

Failure plan_failure(const Settings& settings, const Structure& structure)
{
    Failure failure;
    failure.charges = charges_of(settings, structure.elements, Ground(structure.footprint));
    failure.deadlines = deadlines_of(settings, failure.charges, lowest_floor(settings));
    failure.keep_standing = kept(settings.keep_standing, structure);
    if (settings.style == Style::topple && settings.charges.empty())
        failure.hinge = hinge_of(structure, settings.direction_deg);
    return failure;
}

std::vector<Eigen::Vector3d> places_of_charges(const Settings& settings, const Elements& building)
{
    std::vector<Eigen::Vector3d> places;
    for (const Charge& charge : charges_of(settings, building.elements, Ground(building.footprint)))
        places.push_back(charge.place);
    return places;
}

}  // namespace platefall::collapse
