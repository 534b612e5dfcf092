/// Where a matte comes from: a sequence, roto shapes, other mattes, or a channel of a layer.
#pragma once

#include <platefall/stage.h>

#include <memory>
#include <string>
#include <vector>

namespace platefall::matte {

/// The parts of the picture that matter. Growing and feathering look further than what is kept.
struct Area {
    Window limit; ///< the plate's data and display windows: what is kept
    Window work;  ///< limit, and around it what growing and feathering can reach
};

class MatteSource {
public:
    virtual ~MatteSource() = default;

    virtual std::vector<LayerUse::Read> reads() const { return {}; }
    virtual std::vector<InputFile> inputs(int /*frame*/) const { return {}; }

    /// As Stage::check().
    virtual void check(int /*frame*/, const Window& /*plate_display*/, int /*proxy*/) const {}

    /// How far its own feather reaches, in full-resolution pixels.
    virtual double reach_px() const { return 0.0; }

    /// One channel A inside `area.work`, not yet clamped.
    virtual Image picture(Frame& frame, const Area& area) const = 0;
};

ParamSpecs source_params();

/// Exactly one source must be given, and nothing that belongs to another. Adds faults; nullptr when there is
/// no source to be had.
std::unique_ptr<MatteSource> make_source(const Params& params, const ShotInfo& shot, Faults& faults);

} // namespace platefall::matte
