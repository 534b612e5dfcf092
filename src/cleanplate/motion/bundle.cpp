#include "cleanplate/motion/bundle.h"

#include "base/parallel.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr Eigen::Index kCameraSize = 12;
constexpr int kParts = 4;            // sums that are made side by side, however many threads there are
constexpr double kHoldParallax = 1e-3;   // of how homographies are held

using CameraBlock = Eigen::Matrix<double, kCameraSize, kCameraSize>;
using CameraVector = Eigen::Matrix<double, kCameraSize, 1>;
using CameraByPlace = Eigen::Matrix<double, kCameraSize, 3>;

/// Normal equations of all cameras but the base, or a part of their sum. No track is wider than kWidestTrack frames, so
/// that chunks of as many cameras have to do with themselves and their neighbours only.
class NormalEquations {
public:
    NormalEquations(std::size_t cameras, std::size_t base)
        : base_(base), own_(chunk_of(cameras - 2) + 1, Eigen::MatrixXd::Zero(kChunkSize, kChunkSize)),
          next_(own_.size() - 1, own_.front()), right_(own_.size(), Eigen::VectorXd::Zero(kChunkSize))
    {
    }

    /// For row >= column; only the lower half of the whole is kept.
    void add(std::size_t row, std::size_t column, const CameraBlock& block)
    {
        if (row == base_ || column == base_)
            return;
        const std::size_t r = place_of(row), c = place_of(column);
        Eigen::MatrixXd& matrix = chunk_of(r) == chunk_of(c) ? own_[chunk_of(c)] : next_[chunk_of(c)];
        matrix.block<kCameraSize, kCameraSize>(offset_of(r), offset_of(c)) += block;
    }

    void add_right(std::size_t camera, const CameraVector& vector)
    {
        if (camera != base_)
            right_[chunk_of(place_of(camera))].segment<kCameraSize>(offset_of(place_of(camera))) += vector;
    }

    void operator+=(const NormalEquations& other)
    {
        for (std::size_t i = 0; i < own_.size(); ++i) {
            own_[i] += other.own_[i];
            right_[i] += other.right_[i];
        }
        for (std::size_t i = 0; i < next_.size(); ++i)
            next_[i] += other.next_[i];
    }

    /// By the Cholesky decomposition, chunk by chunk; nothing is left of the equations. The base's change is 0.
    std::vector<CameraVector> solve(std::size_t cameras)
    {
        const auto last = static_cast<Eigen::Index>(cameras - 2) % kChunk + 1;
        own_.back().diagonal().tail(kChunkSize - kCameraSize * last).setOnes();   // beyond the last camera
        for (std::size_t i = 0; i < own_.size(); ++i) {
            if (i > 0) {
                own_[i].triangularView<Eigen::Lower>() -= next_[i - 1] * next_[i - 1].transpose();
                right_[i] -= next_[i - 1] * right_[i - 1];
            }
            Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> lower(own_[i]);
            lower.matrixL().solveInPlace(right_[i]);
            if (i < next_.size())
                lower.matrixL().transpose().solveInPlace<Eigen::OnTheRight>(next_[i]);
        }
        for (std::size_t i = own_.size(); i-- > 0;) {
            if (i < next_.size())
                right_[i] -= next_[i].transpose() * right_[i + 1];
            own_[i].triangularView<Eigen::Lower>().transpose().solveInPlace(right_[i]);
        }
        std::vector<CameraVector> change(cameras, CameraVector::Zero());
        for (std::size_t camera = 0; camera < cameras; ++camera)
            if (camera != base_)
                change[camera] = right_[chunk_of(place_of(camera))].segment<kCameraSize>(offset_of(place_of(camera)));
        return change;
    }

private:
    static constexpr Eigen::Index kChunk = static_cast<Eigen::Index>(kWidestTrack);
    static constexpr Eigen::Index kChunkSize = kCameraSize * kChunk;

    std::size_t place_of(std::size_t camera) const { return camera - (camera > base_ ? 1 : 0); }
    static std::size_t chunk_of(std::size_t place) { return place / kWidestTrack; }
    static Eigen::Index offset_of(std::size_t place) { return kCameraSize * static_cast<Eigen::Index>(place % kWidestTrack); }

    std::size_t base_;
    std::vector<Eigen::MatrixXd> own_, next_;   ///< next_[i]: rows of chunk i + 1, columns of chunk i
    std::vector<Eigen::VectorXd> right_;
};

/// A place taken out of the equations (Schur complement), and what it takes to get it back.
struct Eliminated {
    Eigen::Matrix3d inverse;
    Eigen::Vector3d right;
    std::vector<CameraByPlace> mixed;   ///< by sighting
};

/// Every how many tracks one is enough: cameras are fixed by a few hundred sightings each.
std::size_t stride_of(const Scene& scene)
{
    constexpr std::size_t kEnough = 500;   // sightings a frame
    std::size_t sightings = 0;
    for (const auto& track : scene.tracks)
        sightings += track.size();
    return sightings / (kEnough * scene.cameras.size()) + 1;
}

Eliminated eliminate(const Scene& scene, std::size_t index, double damping, NormalEquations& sum)
{
    const auto& track = scene.tracks[index];
    const Place& place = scene.places[index];
    Eliminated own{.inverse = {}, .right = {0, 0, -kDepthPull * place[2]}, .mixed = {}};
    Eigen::Matrix3d normal = Eigen::Vector3d(1e-12, 1e-12, 1e-12 + kDepthPull).asDiagonal();
    for (const Seen& seen : track) {
        const Linear linear = linearise(scene.cameras[seen.frame], place, seen.at, scene.tolerance);
        const Eigen::Matrix<double, kCameraSize, 2> weighted = linear.weight * linear.by_camera.transpose();
        normal += linear.weight * linear.by_place.transpose() * linear.by_place;
        own.right -= linear.weight * linear.by_place.transpose() * linear.off;
        own.mixed.push_back(weighted * linear.by_place);
        CameraBlock block = weighted * linear.by_camera;
        block.diagonal() *= 1 + damping;
        sum.add(seen.frame, seen.frame, block);
        sum.add_right(seen.frame, -weighted * linear.off);
    }
    normal.diagonal() *= 1 + damping;
    own.inverse = normal.inverse();
    for (std::size_t a = 0; a < track.size(); ++a) {
        const CameraByPlace weighted = own.mixed[a] * own.inverse;
        sum.add_right(track[a].frame, -weighted * own.right);
        for (std::size_t b = 0; b <= a; ++b)
            sum.add(track[a].frame, track[b].frame, -weighted * own.mixed[b].transpose());
    }
    return own;
}

NormalEquations eliminate_all(const Scene& scene, std::size_t stride, double damping,
                              std::vector<Eliminated>& eliminated)
{
    const std::size_t count = eliminated.size();
    std::vector<NormalEquations> parts(kParts, NormalEquations(scene.cameras.size(), scene.base));
    parallel_each(kParts, [&](int i) {
        const auto part = static_cast<std::size_t>(i);
        for (std::size_t j = count * part / kParts; j < count * (part + 1) / kParts; ++j)
            eliminated[j] = eliminate(scene, j * stride, damping, parts[part]);
    });
    for (std::size_t part = 1; part < kParts; ++part)
        parts[0] += parts[part];
    return std::move(parts[0]);
}

void hold_near(const Scene& scene, const std::vector<Camera3x4>& anchors, double hold, NormalEquations& sum)
{
    for (std::size_t t = 0; t < scene.cameras.size(); ++t) {
        const Camera3x4 away = scene.cameras[t] - anchors[t];
        CameraVector pull = CameraVector::Constant(hold), back = -hold * Eigen::Map<const CameraVector>(away.data());
        pull.tail<3>() *= kHoldParallax;
        back.tail<3>().setZero();
        sum.add(t, t, pull.asDiagonal());
        sum.add_right(t, back);
    }
}

/// One step of Gauss and Newton for all cameras and one place in `stride`, the diagonal enlarged by `damping`.
void step(Scene& scene, std::size_t stride, const std::vector<Camera3x4>& anchors, double hold, double damping)
{
    std::vector<Eliminated> eliminated((scene.tracks.size() + stride - 1) / stride);
    NormalEquations sum = eliminate_all(scene, stride, damping, eliminated);
    hold_near(scene, anchors, hold, sum);
    const std::vector<CameraVector> change = sum.solve(scene.cameras.size());
    for (std::size_t t = 0; t < scene.cameras.size(); ++t)
        scene.cameras[t] += Eigen::Map<const Camera3x4>(change[t].data());
    for (std::size_t j = 0; j < eliminated.size(); ++j) {
        Eigen::Vector3d right = eliminated[j].right;
        for (std::size_t a = 0; a < eliminated[j].mixed.size(); ++a)
            right -= eliminated[j].mixed[a].transpose() * change[scene.tracks[j * stride][a].frame];
        scene.places[j * stride] += eliminated[j].inverse * right;
    }
}

double cost(const Scene& scene, std::size_t stride)
{
    double sum = 0;
    const double limit = scene.tolerance * scene.tolerance;
    for (std::size_t i = 0; i < scene.tracks.size(); i += stride)
        for (const Seen& seen : scene.tracks[i]) {
            const double square = residual(scene.cameras[seen.frame], scene.places[i], seen.at).squaredNorm();
            sum += square / (1 + square / limit);
        }
    return sum;
}

}  // namespace

void adjust(Scene& scene, const std::vector<Camera3x4>& anchors, double hold, int steps)
{
    constexpr double kConverged = 1e-4;   // of the cost
    const std::size_t stride = stride_of(scene);
    place_tracks(scene, 3);
    double damping = 1e-3, before = cost(scene, stride);
    for (int i = 0; i < steps; ++i) {
        const std::vector<Camera3x4> cameras = scene.cameras;
        const std::vector<Place> places = scene.places;
        step(scene, stride, anchors, hold, damping);
        const double after = cost(scene, stride);
        if (!(after < before)) {
            scene.cameras = cameras;
            scene.places = places;
            damping *= 10;
            continue;
        }
        const bool is_done = before - after < kConverged * before;
        damping = std::max(damping / 5, 1e-7);
        before = after;
        rescale(scene);
        if (is_done)
            break;
    }
    place_tracks(scene, 3);
}

}  // namespace platefall::cleanplate
