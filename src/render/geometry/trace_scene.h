/// Triangles that rays meet: Embree behind a small door.
#pragma once

#include "render/vectors.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace platefall::render {

/// Triangles that may move in a straight line while the shutter is open.
struct Mesh {
    std::vector<V3> points;           ///< in the world, when the shutter opens
    std::vector<V3> points_at_close;  ///< as many, when it closes; empty: nothing moves
    std::vector<std::array<std::uint32_t, 3>> triangles;
};

struct Box3 {
    V3 low{1e30f, 1e30f, 1e30f}, high{-1e30f, -1e30f, -1e30f};

    void add(const V3& point);
    bool empty() const { return low.x > high.x; }
    bool meets(const Ray& ray) const;
};

/// A point on a triangle: `u` and `v` are the weights of its second and third corner.
struct Hit {
    float distance = 0;               ///< in lengths of the ray's direction
    std::uint32_t triangle = 0;
    float u = 0, v = 0;
};

/// What scenes are made on; several may be alive.
class TraceDevice {
public:
    TraceDevice();
    struct Impl;
    const std::shared_ptr<Impl>& impl() const { return impl_; }

private:
    std::shared_ptr<Impl> impl_;
};

/// Asked by many threads at once. Built by one thread, since the order in which threads sort triangles decides between
/// two that a ray meets at the same distance: the same mesh always gives the same hits.
class TraceScene {
public:
    TraceScene(const TraceDevice& device, const Mesh& mesh);

    std::optional<Hit> nearest(const Ray& ray) const;

    /// Whether anything is met between ray.near and ray.far.
    bool blocks(const Ray& ray) const;

    /// The same of four rays at once, for rays that go much the same way. Sets of rays have a bit for each: returns those
    /// of `asked` that meet anything.
    unsigned blocks(const std::array<Ray, 4>& rays, unsigned asked) const;

    /// Around triangles that hang together, wherever they are while the shutter is open: all of the scene, piece by piece.
    const std::vector<Box3>& boxes() const { return boxes_; }

private:
    void find_boxes(const Mesh& mesh);

    std::shared_ptr<TraceDevice::Impl> device_;
    std::shared_ptr<void> scene_;     ///< null: an empty mesh
    std::vector<Box3> boxes_;
    Box3 bounds_;                     ///< of all of them
};

}  // namespace platefall::render
