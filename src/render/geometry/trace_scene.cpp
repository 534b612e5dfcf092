#include "render/geometry/trace_scene.h"

#include <embree3/rtcore.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

namespace platefall::render {
namespace {

void check(RTCDevice device)
{
    const RTCError error = rtcGetDeviceError(device);
    if (error == RTC_ERROR_OUT_OF_MEMORY)
        throw std::bad_alloc();
    if (error != RTC_ERROR_NONE)
        throw std::logic_error("ray tracing: Embree reports error " + std::to_string(static_cast<int>(error)));
}

void fill_points(RTCGeometry geometry, unsigned slot, const std::vector<V3>& points)
{
    void* to = rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, slot, RTC_FORMAT_FLOAT3, sizeof(V3),
                                       points.size());
    if (!to)
        throw std::bad_alloc();
    std::memcpy(to, points.data(), points.size() * sizeof(V3));
}

void fill_triangles(RTCGeometry geometry, const std::vector<std::array<std::uint32_t, 3>>& triangles)
{
    void* to = rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, sizeof(triangles[0]),
                                       triangles.size());
    if (!to)
        throw std::bad_alloc();
    std::memcpy(to, triangles.data(), triangles.size() * sizeof(triangles[0]));
}

RTCScene scene_of(const std::shared_ptr<void>& scene)
{
    return static_cast<RTCScene>(scene.get());
}

RTCRay embree_ray(const Ray& ray)
{
    return {.org_x = ray.origin.x,
            .org_y = ray.origin.y,
            .org_z = ray.origin.z,
            .tnear = ray.near,
            .dir_x = ray.direction.x,
            .dir_y = ray.direction.y,
            .dir_z = ray.direction.z,
            .time = ray.time,
            .tfar = ray.far,
            .mask = ~0u,
            .id = 0,
            .flags = 0};
}

}  // namespace

struct TraceDevice::Impl {
    RTCDevice device = rtcNewDevice(nullptr);
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { rtcReleaseDevice(device); }
};

TraceDevice::TraceDevice() : impl_(std::make_shared<Impl>())
{
    if (!impl_->device)
        throw std::logic_error("ray tracing: Embree finds no instruction set that it knows");
}

void Box3::add(const V3& point)
{
    for (int axis = 0; axis < 3; ++axis) {
        low[axis] = std::min(low[axis], point[axis]);
        high[axis] = std::max(high[axis], point[axis]);
    }
}

bool Box3::meets(const Ray& ray) const
{
    float near = ray.near, far = ray.far;
    for (int axis = 0; axis < 3; ++axis) {
        const float inverse = 1.0f / ray.direction[axis];
        const float a = (low[axis] - ray.origin[axis]) * inverse, b = (high[axis] - ray.origin[axis]) * inverse;
        near = std::max(near, std::min(a, b));
        far = std::min(far, std::max(a, b));
    }
    return near <= far;
}

TraceScene::TraceScene(const TraceDevice& device, const Mesh& mesh) : device_(device.impl())
{
    if (mesh.triangles.empty())
        return;
    find_boxes(mesh);
    for (const Box3& box : boxes_) {
        bounds_.add(box.low);
        bounds_.add(box.high);
    }
    const RTCDevice on = device_->device;
    const RTCGeometry geometry = rtcNewGeometry(on, RTC_GEOMETRY_TYPE_TRIANGLE);
    const std::shared_ptr<void> guard(geometry, [](void* g) { rtcReleaseGeometry(static_cast<RTCGeometry>(g)); });
    rtcSetGeometryTimeStepCount(geometry, mesh.points_at_close.empty() ? 1 : 2);
    fill_points(geometry, 0, mesh.points);
    if (!mesh.points_at_close.empty())
        fill_points(geometry, 1, mesh.points_at_close);
    fill_triangles(geometry, mesh.triangles);
    rtcCommitGeometry(geometry);

    scene_.reset(rtcNewScene(on), [](void* s) { rtcReleaseScene(static_cast<RTCScene>(s)); });
    rtcSetSceneFlags(scene_of(scene_), RTC_SCENE_FLAG_ROBUST);
    rtcAttachGeometry(scene_of(scene_), geometry);
    tbb::task_arena alone(1);
    alone.execute([&] { rtcCommitScene(scene_of(scene_)); });
    check(on);
}

/// Meshes are put together piece by piece, so that a triangle whose corners are all new begins another one.
void TraceScene::find_boxes(const Mesh& mesh)
{
    std::uint32_t known = 0;                                  // corners below this one are of boxes that there are
    for (const auto& corners : mesh.triangles) {
        if (std::ranges::min(corners) >= known)
            boxes_.emplace_back();
        known = std::max(known, std::ranges::max(corners) + 1);
        for (const std::uint32_t corner : corners) {
            boxes_.back().add(mesh.points[corner]);
            if (!mesh.points_at_close.empty())
                boxes_.back().add(mesh.points_at_close[corner]);
        }
    }
}

std::optional<Hit> TraceScene::nearest(const Ray& ray) const
{
    if (!scene_ || !bounds_.meets(ray))
        return std::nullopt;
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRayHit found{.ray = embree_ray(ray), .hit = {}};
    found.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    rtcIntersect1(scene_of(scene_), &context, &found);
    if (found.hit.geomID == RTC_INVALID_GEOMETRY_ID)
        return std::nullopt;
    return Hit{found.ray.tfar, found.hit.primID, found.hit.u, found.hit.v};
}

bool TraceScene::blocks(const Ray& ray) const
{
    if (!scene_ || !bounds_.meets(ray))
        return false;
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRay asked = embree_ray(ray);
    rtcOccluded1(scene_of(scene_), &context, &asked);
    return asked.tfar < 0;
}

unsigned TraceScene::blocks(const std::array<Ray, 4>& rays, unsigned asked) const
{
    if (!scene_)
        return 0;
    alignas(16) std::array<int, 4> valid{};
    RTCRay4 packet{};
    unsigned may_meet = 0;
    for (unsigned i = 0; i < 4; ++i) {
        if (!(asked >> i & 1) || !bounds_.meets(rays[i]))
            continue;
        may_meet |= 1u << i;
        valid[i] = -1;
        const RTCRay ray = embree_ray(rays[i]);
        packet.org_x[i] = ray.org_x, packet.org_y[i] = ray.org_y, packet.org_z[i] = ray.org_z;
        packet.dir_x[i] = ray.dir_x, packet.dir_y[i] = ray.dir_y, packet.dir_z[i] = ray.dir_z;
        packet.tnear[i] = ray.tnear, packet.tfar[i] = ray.tfar, packet.time[i] = ray.time, packet.mask[i] = ray.mask;
    }
    if (may_meet == 0)
        return 0;
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
    rtcOccluded4(valid.data(), scene_of(scene_), &context, &packet);
    unsigned met = 0;
    for (unsigned i = 0; i < 4; ++i)
        met |= (packet.tfar[i] < 0 ? 1u : 0u) << i;
    return met & may_meet;
}

}  // namespace platefall::render
