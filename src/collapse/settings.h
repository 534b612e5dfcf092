/// What the manifest says of a collapse.
#pragma once

#include "collapse/building/building.h"
#include "collapse/fracture/fracture.h"
#include "collapse/motion/motion.h"
#include "shot/sequence_path.h"

#include <platefall/stage.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace platefall::collapse {

enum class Style { implosion, topple, progressive, blast };

/// A row of `charges`: which columns of a floor go, and when.
struct ChargeRow {
    int floor = 0;
    std::optional<Eigen::Vector2d> at;         ///< (x, z); only what is near
    std::optional<double> azimuth_deg;         ///< only outer columns towards this side
    double width_deg = 90;                     ///< of that side
    double delay_s = 0;                        ///< after the trigger
    double radius_m = 1.5;
    double push_Ns = 0;
};

struct Box {
    Eigen::Vector3d low, high;
};

struct DustPlan {
    double amount = 1;                         ///< multiplies all mass; 0: no dust
    double cell_m = 0.5;
    std::optional<Box> box;                    ///< else predicted
    double settling_m_s = 0.4;                 ///< of the coarse class
    double vorticity = 0.1;
    double detail = 1;                         ///< strength of swirls smaller than the air's cells
    Eigen::Vector3d wind = Eigen::Vector3d::Zero();
    double memory_MB = 2048;
};

struct Settings {
    Style style = Style::implosion;
    int trigger = 0;                           ///< frame
    double direction_deg = 0;
    double time_scale = 1;

    BuildingPlan plan;
    std::optional<std::filesystem::path> mesh;
    Eigen::Vector3d mesh_offset = Eigen::Vector3d::Zero();

    FractureSettings fracture;
    std::vector<ChargeRow> charges;            ///< empty: those of the style
    std::vector<Box> keep_standing, obstacles;
    std::optional<double> storey_time_s;       ///< of the guide, a storey; absent: the style's; 0: none
    MotionSettings motion;
    double chips = 1;                          ///< multiplies their number; 0: none
    DustPlan dust;

    std::string motion_made_from, chips_made_from, dust_made_from;       ///< what the parameters say, for the keys of the steps
    std::optional<std::filesystem::path> debris_file;   ///< USD
    std::optional<SequencePath> dust_files;             ///< OpenVDB
    bool playblast = false;
    std::string over;                          ///< the layer that the playblast lies over
    double sun_azimuth_deg = 0, sun_height_deg = 0;     ///< of the playblast
};

ParamSpecs collapse_params();

/// Throws Error for what the manifest alone shows to be wrong; Simulation checks the rest.
Settings read_settings(const Params& params, const ShotInfo& shot);

}  // namespace platefall::collapse
