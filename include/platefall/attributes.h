/// Metadata of an image file: what the camera, the editor and earlier tools wrote into its header.
#pragma once

#include <platefall/export.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace platefall {

/// One header entry. `type` is the type as the file has it ("float", "int", "string", "timecode",
/// "rational", "matrix", "float[6]", ...), so that it is written back exactly as it was read.
struct Attribute {
    using Values = std::variant<std::vector<std::int32_t>, std::vector<std::uint32_t>, std::vector<float>,
                                std::vector<double>, std::vector<std::string>>;
    std::string name;
    std::string type;
    Values values;
    bool operator==(const Attribute&) const = default;
};

/// An ordered set of attributes with unique names.
class PLATEFALL_API Attributes {
public:
    /// Adds, or replaces the attribute of the same name in its place.
    void set(Attribute attribute);
    void set(std::string name, std::string text);
    void set(std::string name, float number);
    void set(std::string name, int number);

    void erase(std::string_view name);
    const Attribute* find(std::string_view name) const noexcept;  ///< nullptr when absent
    std::string text(std::string_view name) const;                ///< "" when absent or not a string

    auto begin() const noexcept { return all_.begin(); }
    auto end() const noexcept { return all_.end(); }
    bool empty() const noexcept { return all_.empty(); }
    bool operator==(const Attributes&) const = default;

private:
    std::vector<Attribute> all_;
};

}  // namespace platefall
