/// One frame on its journey: the plate, and the layers that stages add to it.
#pragma once

#include <platefall/attributes.h>
#include <platefall/camera.h>
#include <platefall/export.h>
#include <platefall/image.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platefall {

/// What every stage may know of the shot. Constant while it renders.
struct ShotInfo {
    std::string name;
    std::vector<int> frames;             ///< all frames of the shot, ascending; not only those of this run
    double fps = 24.0;
    std::string colorspace;              ///< the working space; scene-linear
    Window plate_data, plate_display;    ///< of the shot's first plate, in pixels of this render
    int proxy = 1;                       ///< 2: the picture is half as wide. Pixel units scale by 1/proxy
    std::uint64_t seed = 0;
    std::function<Camera(int frame)> camera;  ///< empty when the manifest names none

    /// Converts R G B in place from a named colour space to the working space; one of data ("raw") makes the channels
    /// data instead. Throws Error for a name that the shot's colour configuration does not know. Empty in a ShotInfo
    /// that was made by hand.
    std::function<void(Image& image, const std::string& from)> to_working_space;

    /// A length that the manifest gives in full-resolution pixels, in pixels of this render.
    double px(double full_resolution_px) const { return full_resolution_px / proxy; }
};

/// Layers have names: "plate", "clean", "matte.building", "comp", "generated", ...
struct PLATEFALL_API Frame {
    explicit Frame(const ShotInfo& info, int frame_number) : shot(&info), number(frame_number) {}

    const ShotInfo* shot;
    int number;
    Attributes attributes;                    ///< the plate's metadata; what is here is written
    std::vector<std::string> warnings;        ///< shown to the user, once a frame
    std::vector<std::string> substitutions;   ///< inputs that were held or black; the frame is not a success

    bool has(std::string_view layer) const;

    /// Throws Error, naming the layers there are.
    const Image& layer(std::string_view name) const;

    /// Adds or replaces.
    void set(std::string name, Image image);

    /// Removes and returns it; throws as layer() does.
    Image take(std::string_view name);

    const std::map<std::string, Image, std::less<>>& layers() const noexcept { return layers_; }

private:
    std::map<std::string, Image, std::less<>> layers_;
};

}  // namespace platefall
