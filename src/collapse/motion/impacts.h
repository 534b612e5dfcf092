/// What contacts do: energy that turns to dust, bonds that break at once, loads that rest on what stands.
#pragma once

#include "collapse/motion/fall.h"
#include "collapse/structure/stress.h"

#include <vector>

namespace platefall::collapse {

class Impacts {
public:
    explicit Impacts(const Structure& structure);

    /// Reads the contacts of the last step. Bonds of pieces that were hit break when the blow, beyond what the piece
    /// has been bearing, is more than they hold; the body that hit is then slowed only by what they held. Splits.
    void strike(Fall& fall, double dt_s);

    /// What contacts put on each piece, smoothed over time; in the axes of rest, about the piece's centre.
    const std::vector<Load>& borne() const { return borne_; }

private:
    /// All that met one piece in the step.
    struct Blow {
        Eigen::Vector3d impulse_Ns = Eigen::Vector3d::Zero();
        Eigen::Vector3d moment = Eigen::Vector3d::Zero();     ///< N m s about the piece's centre
        Eigen::Vector3d place = Eigen::Vector3d::Zero();      ///< of the impulses, their weighted mean
        double weight = 0;
        double closing_m_s = 0;                               ///< the fastest
    };
    void gather(const Fall& fall);
    void add(const Fall& fall, int piece, const Contact& contact, double sign, double closing_m_s);
    double break_by(Fall& fall, int piece, double dt_s);
    void note_energy(Fall& fall);
    void bear(const Fall& fall, double dt_s);

    std::vector<Blow> blows_;              ///< one a piece
    std::vector<int> hit_;                 ///< pieces that something met, ascending
    std::vector<double> closing_;          ///< one a contact
    std::vector<double> given_way_;        ///< one a piece: share of the blow that did not happen
    std::vector<Load> borne_;
};

}  // namespace platefall::collapse
