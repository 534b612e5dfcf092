#include "render/dust/dust_volume.h"
#include "render/surface/material.h"
namespace platefall::render {
DustVolume::DustVolume(const DustFrame&, const DustLook&, const Light&, float, const std::function<bool(const V3&)>&) {}
bool DustVolume::is_clear() const { return true; }
float DustVolume::sun_transmittance(const V3&) const { return 1; }
float DustVolume::sky_transmittance(const V3&) const { return 1; }
bool DustVolume::may_meet(const Ray&) const { return false; }
DustAlong DustVolume::along(const Ray&, float) const { return {}; }
std::vector<DustSlice> DustVolume::slices(const Ray&, float) const { return {}; }
Surface surface_at(const SurfacePoint& p) { return {{0.35f, 0.34f, 0.32f}, p.normal}; }
}
#include "render/aov/cryptomatte.h"
#include "image/deep_exr.h"
namespace platefall::render {
MatteNames::MatteNames(const std::vector<std::string>& n) : ids_(n.size()) {}
Cryptomatte::Cryptomatte(std::string name, const Window& data, const Window& display, int ranks) : data_(data), display_(display), name_(name), ranks_(ranks) {}
void Cryptomatte::add(int, int, float, float) {}
Image Cryptomatte::image() const { return Image(data_, display_, {{"A"}}); }
void Cryptomatte::describe_in(Attributes&, const MatteNames&) const { (void)ranks_; }
}
namespace platefall {
DeepImage::DeepImage(const Window& data, const Window& display) : data_(data), display_(display) {}
void DeepImage::add(int, int, const DeepSample&) {}
void write_deep_exr(const std::filesystem::path&, const DeepImage&, const Attributes&, ChannelType) {}
}
