#include "collapse/motion/cluster.h"

#include <Eigen/LU>

#include <utility>

namespace platefall::collapse {

using Eigen::Matrix3d;
using Eigen::Vector3d;

Cluster make_cluster(const Structure& structure, std::vector<int> pieces)
{
    Cluster result;
    for (const int piece : pieces) {
        result.mass_kg += structure.pieces[piece].mass_kg;
        result.rest_centre += structure.pieces[piece].mass_kg * structure.pieces[piece].shape.centre;
    }
    result.rest_centre /= result.mass_kg;
    for (const int index : pieces) {
        const Piece& piece = structure.pieces[index];
        const Vector3d arm = piece.shape.centre - result.rest_centre;
        result.rest_inertia += piece.mass_kg / piece.shape.volume_m3 * piece.shape.inertia
                               + piece.mass_kg * (arm.squaredNorm() * Matrix3d::Identity() - arm * arm.transpose());
    }
    result.pieces = std::move(pieces);
    result.pose.centre = result.rest_centre;
    result.before = result.pose;
    return result;
}

namespace {

Pose carried(const Pose& pose, const Vector3d& rest_from, const Vector3d& rest_to)
{
    Pose result = pose;
    const Vector3d arm = pose.turn * (rest_to - rest_from);
    result.centre += arm;
    result.velocity += pose.spin.cross(arm);
    return result;
}

}  // namespace

Cluster make_part(const Structure& structure, const Cluster& parent, std::vector<int> pieces)
{
    Cluster result = make_cluster(structure, std::move(pieces));
    result.footing = parent.footing;
    result.pose = carried(parent.pose, parent.rest_centre, result.rest_centre);
    result.before = carried(parent.before, parent.rest_centre, result.rest_centre);
    return result;
}

Vector3d place_of(const Cluster& cluster, const Vector3d& rest_place)
{
    return cluster.pose.centre + cluster.pose.turn * (rest_place - cluster.rest_centre);
}

Vector3d velocity_at(const Pose& pose, const Vector3d& place)
{
    return pose.velocity + pose.spin.cross(place - pose.centre);
}

Pose pose_of(const Cluster& cluster, const Piece& piece)
{
    if (cluster.footing == Footing::held)
        return {.centre = piece.shape.centre};               // to the last bit
    Pose result = carried(cluster.pose, cluster.rest_centre, piece.shape.centre);
    if (result.turn.w() < 0)
        result.turn.coeffs() *= -1;
    return result;
}

double kinetic_energy(const Cluster& cluster)
{
    const Vector3d spin = cluster.pose.turn.conjugate() * cluster.pose.spin;
    return 0.5 * cluster.mass_kg * cluster.pose.velocity.squaredNorm() + 0.5 * spin.dot(cluster.rest_inertia * spin);
}

void push(Cluster& cluster, const Vector3d& place, const Vector3d& impulse_Ns)
{
    cluster.pose.velocity += impulse_Ns / cluster.mass_kg;
    const Matrix3d turn = cluster.pose.turn.toRotationMatrix();
    const Matrix3d inertia = turn * cluster.rest_inertia * turn.transpose();
    cluster.pose.spin += inertia.inverse() * (place - cluster.pose.centre).cross(impulse_Ns);
}

}  // namespace platefall::collapse
