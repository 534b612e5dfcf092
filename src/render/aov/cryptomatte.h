/// Mattes of every object at once: Cryptomatte, specification 1.2 (Friedman and Jones, Psyop, 2015-2018).
#pragma once

#include <platefall/attributes.h>
#include <platefall/image.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace platefall::render {

/// What stands for an object in a Cryptomatte: MurmurHash3_x86_32 of its name, the bits taken for a float. One bit of the
/// exponent is flipped where the float were no number, infinite or denormal. Never 0, which stands for no object.
float matte_id(std::string_view name);

/// The names of one kind of object, hashed once a shot.
class MatteNames {
public:
    MatteNames() = default;
    explicit MatteNames(const std::vector<std::string>& names);

    /// Of the name at this place in the list.
    float id(std::size_t index) const { return ids_[index]; }

    /// {"piece_0001":"0a1b2c3d",...}, every name once, in the order of the list.
    const std::string& manifest() const noexcept { return manifest_; }

private:
    std::vector<float> ids_;
    std::string manifest_ = "{}";
};

/// Collects how much of each pixel belongs to which object.
class Cryptomatte {
public:
    /// `name` is that of the layer: "crypto_piece". `ranks` objects are kept in a pixel, those that cover most of it; an
    /// even number.
    Cryptomatte(std::string name, const Window& data, const Window& display, int ranks = 6);

    /// Adds to what an object covers of a pixel, 0..1. Different rows may be filled by different threads. Nothing happens
    /// outside the data window, for the id 0 and where `coverage` is not above 0.
    void add(int x, int y, float id, float coverage);

    /// The layer to set in a frame under the matte's name. Its channels name their layers themselves (NAME00.r, NAME00.g,
    /// NAME00.b, NAME00.a, NAME01.r, ...: id and coverage, twice), as data in 32-bit floats: lower-case names are those that
    /// DWA compression leaves alone.
    Image image() const;

    /// Says in a frame's attributes what the layer is and what its ids are called.
    void describe_in(Attributes& attributes, const MatteNames& names) const;

private:
    struct Part {
        int x;
        float id, coverage;
    };
    /// The parts of a row from left to right, those of a pixel by falling coverage.
    std::vector<Part> ranked(int y) const;

    Window data_, display_;
    std::string name_;
    int ranks_;
    std::vector<std::vector<Part>> rows_;
};

}  // namespace platefall::render
