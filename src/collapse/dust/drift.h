/// Where air came from: coordinates of noise that travels with it.
#pragma once

#include "collapse/dust/air.h"
#include "collapse/dust/region.h"

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace platefall::collapse::dust {

/// Two layers of coordinates, as Neyret (2003) carries textures along: each is laid out afresh before the air
/// has torn it, at a place of its own, and while it is new or about to go it counts little and the other one
/// much. Unlike there, weights add up to 1 when squared, so that noise which differs between the layers keeps
/// its variance; and all places have the same clock.
class Drift {
public:
    static constexpr int kLayers = 2;

    Drift(const Lattice& lattice, std::uint64_t seed);

    /// Carries the coordinates in and near `block` (semi-Lagrangian, midpoint) and renews the layer whose
    /// time has come.
    void carry(const Air& air, const Block& block, float dt_s, float cell_m);

    /// From a cell's centre to where its air was when the layer was laid out, in velocity cells.
    const Eigen::Array4f* shift(int layer) const { return layers_[layer].shift.data(); }
    const Eigen::Array4f& origin(int layer) const { return layers_[layer].origin; }   ///< 0..1 along each axis
    float weight(int layer) const { return layers_[layer].weight; }

    static std::size_t bytes(const Lattice& lattice) { return (kLayers + 2) * sizeof(Eigen::Array4f) * lattice.size(); }

private:
    struct Layer {
        std::vector<Eigen::Array4f> shift;
        Eigen::Array4f origin = Eigen::Array4f::Zero();
        double age = 0;                                  ///< 0..1
        float weight = 0;
    };
    void measure(const Air& air, const Block& block, float cells_per_m_s);
    void move(Layer& layer, const Block& block);
    void lay_out(Layer& layer);

    Lattice lattice_;
    std::uint64_t seed_, laid_out_ = 0;
    std::array<Layer, kLayers> layers_;
    std::vector<Eigen::Array4f> step_;                   ///< how many cells the air in a cell moves
    std::vector<Eigen::Array4f> before_;                 ///< a layer's shift before the step
};

}  // namespace platefall::collapse::dust
