/// Colour spaces and the display view, through OpenColorIO.
#pragma once

#include <platefall/image.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace platefall {

class ColourSpaces {
public:
    /// `config`: an .ocio file; empty means $OCIO if that is set, else the embedded default (ACEScg,
    /// ACES2065-1, lin_rec709, srgb; display sRGB with the views "ACES 1.0 SDR-video" and "Un-tone-mapped").
    /// Throws Error naming the config and OCIO's reason.
    explicit ColourSpaces(const std::filesystem::path& config = {});
    ~ColourSpaces();
    ColourSpaces(ColourSpaces&&) noexcept;

    /// Aliases count ("acescg", "lin_srgb").
    bool has(const std::string& name) const;
    std::vector<std::string> names() const;

    /// The same space under two names, or one name. Then convert() does nothing at all.
    bool same(const std::string& a, const std::string& b) const;

    /// Whether the space stands for numbers that are no colours ("raw"). Throws Error for an unknown space.
    bool is_data(const std::string& name) const;

    /// Whether twice the light is twice the number: a matrix away from the config's scene-linear reference. Throws Error for
    /// an unknown space.
    bool is_linear(const std::string& name) const;

    /// R G B in place; Y alone, data and every other channel stay as they are. Throws Error for an unknown space
    /// (with "did you mean"). Colour is unpremultiplied for the conversion where it is not linear.
    void convert(Image& image, const std::string& from, const std::string& to) const;

    /// R G B (Y is spread) through the config's default display and view: an opaque image with values 0..1.
    Image for_display(const Image& image, const std::string& from) const;

    /// The config's content, for keys.
    std::string fingerprint() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace platefall
