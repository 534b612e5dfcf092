/// Dust moves along one axis.
#pragma once

#include "collapse/dust/transport.h"

#include <array>
#include <vector>

namespace platefall::collapse::dust {

/// Sums of flux through two opposite sides.
struct Ends {
    double low = 0, high = 0;
};

/// A row of cells, ready for limited_flux.
struct Cached {
    static constexpr int kPad = 2;           ///< cells that a flux looks beyond a row
    std::vector<float> dust, room;

    float* first_dust() { return dust.data() + kPad; }
    float* first_room() { return room.data() + kPad; }
};

/// Moves the dust of one row of cells after the other along an axis, with everything at hand that this needs.
/// One a thread.
class Sweep {
public:
    Sweep(Cloud& cloud, const Courant& courant, const Cells& cells, const Span& x, float scale);

    /// Axes that the air has already moved along in this pass.
    void passed(bool x, bool y, bool z) { passed_ = {x, y, z}; }

    /// Each returns what flowed through the first and the last face, in the direction of the axis.
    Ends along_x(Dust& dust, int y, int z);
    Ends along_y(Dust& dust, const Span& span, int z, float sinking, double& settled);
    Ends along_z(Dust& dust, int y, const Span& span);

private:
    struct Sides {
        const float* low;
        const float* high;
    };
    Sides sides(int axis, int y, int z) const;
    void load(const Dust& dust, int y, int z, int axis, float fall, Cached& row);
    void face_speed(const float* courant, int count);
    void sink(int y, int z, float fall);
    double take_from_solids(Dust& dust, int y, int z) const;
    float* mass(Dust& dust, int y, int z) const { return dust.density.data() + cloud_.index(x_.low, y, z); }

    template <class Load, class Speed, class Keep>
    Ends along_rows(const Span& span, int size, const Load& load_row, const Speed& speed, const Keep& keep);

    Cloud& cloud_;
    const Courant& courant_;
    const Cells& cells_;
    Span x_;
    int count_;
    float scale_;
    std::array<bool, 3> passed_{};
    std::vector<float> air_, speed_, zeros_;
    std::array<Cached, 4> rows_;
    std::array<std::vector<float>, 2> flux_;
};

}  // namespace platefall::collapse::dust
