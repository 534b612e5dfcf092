#include "image/oiio_metadata.h"

#include <algorithm>
#include <array>
#include <optional>

namespace platefall {
namespace {

using OIIO::ParamValue;
using OIIO::TypeDesc;

struct NamedType {
    const char* name;
    TypeDesc type;
};

// TypeDesc's own names do not parse back for half of these ("rational2i", "float2i", "vectord").
const std::array<NamedType, 19> kNamedTypes{{
    {"timecode", OIIO::TypeTimeCode},
    {"keycode", OIIO::TypeKeyCode},
    {"rational", OIIO::TypeRational},
    {"matrix33", OIIO::TypeMatrix33},
    {"matrix", OIIO::TypeMatrix44},
    {"matrix33d", TypeDesc(TypeDesc::DOUBLE, TypeDesc::MATRIX33)},
    {"matrixd", TypeDesc(TypeDesc::DOUBLE, TypeDesc::MATRIX44)},
    {"v2i", TypeDesc(TypeDesc::INT, TypeDesc::VEC2)},
    {"v2f", TypeDesc(TypeDesc::FLOAT, TypeDesc::VEC2)},
    {"v2d", TypeDesc(TypeDesc::DOUBLE, TypeDesc::VEC2)},
    {"v3i", TypeDesc(TypeDesc::INT, TypeDesc::VEC3, TypeDesc::VECTOR)},
    {"v3f", OIIO::TypeVector},
    {"v3d", TypeDesc(TypeDesc::DOUBLE, TypeDesc::VEC3, TypeDesc::VECTOR)},
    {"v4f", OIIO::TypeFloat4},
    {"box2i", TypeDesc(TypeDesc::INT, TypeDesc::VEC2, 2)},
    {"box2f", TypeDesc(TypeDesc::FLOAT, TypeDesc::VEC2, 2)},
    {"color", OIIO::TypeColor},
    {"point", OIIO::TypePoint},
    {"normal", OIIO::TypeNormal},
}};

/// The name under which an Attribute keeps a type; nothing when it cannot.
std::optional<std::string> name_of(TypeDesc type)
{
    for (const NamedType& known : kNamedTypes)
        if (known.type == type)
            return known.name;
    if (type.aggregate != TypeDesc::SCALAR || type.vecsemantics != TypeDesc::NOSEMANTICS || type.arraylen < 0)
        return std::nullopt;
    return type.c_str();
}

TypeDesc type_named(const std::string& name)
{
    for (const NamedType& known : kNamedTypes)
        if (name == known.name)
            return known.type;
    return TypeDesc(name);
}

template <class To, class From>
std::vector<To> copy_values(const ParamValue& param)
{
    const auto* values = static_cast<const From*>(param.data());
    return {values, values + param.type().basevalues()};
}

std::optional<Attribute::Values> values_of(const ParamValue& param)
{
    switch (param.type().basetype) {
    case TypeDesc::INT8: return copy_values<std::int32_t, std::int8_t>(param);
    case TypeDesc::INT16: return copy_values<std::int32_t, std::int16_t>(param);
    case TypeDesc::INT32: return copy_values<std::int32_t, std::int32_t>(param);
    case TypeDesc::UINT16: return copy_values<std::uint32_t, std::uint16_t>(param);
    case TypeDesc::UINT32: return copy_values<std::uint32_t, std::uint32_t>(param);
    case TypeDesc::FLOAT: return copy_values<float, float>(param);
    case TypeDesc::DOUBLE: return copy_values<double, double>(param);
    case TypeDesc::STRING: return copy_values<std::string, const char*>(param);
    default: return std::nullopt;   // blobs (ICC profiles, thumbnails), pointers, 64-bit integers
    }
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view known) { return OIIO::Strutil::iequals(name, known); });
}

bool has_prefix(std::string_view name, std::string_view prefix)
{
    return OIIO::Strutil::istarts_with(name, prefix);
}

/// What OIIO puts into the spec although no file says so.
bool is_oiios_own(const std::string& name, bool is_exr)
{
    if (is_exr)   // both derived from XResolution
        return has_prefix(name, "oiio:") || is_one_of(name, {"YResolution", "ResolutionUnit"});
    // The colour space is how OIIO names what PNG and DPX say in their own codes.
    return has_prefix(name, "oiio:") && name != "oiio:ColorSpace";
}

/// The density of a scan or a print says nothing about a frame.
bool is_print_density(const std::string& name)
{
    return is_one_of(name, {"XResolution", "YResolution", "ResolutionUnit"});
}

bool describes_the_old_file(const std::string& name)
{
    return is_one_of(name,
                     {"compression", "CompressionQuality", "name", "type", "chunkCount", "tiles",
                      "tiledesc", "lineOrder", "maxSamplesPerPixel", "dwaCompressionLevel", "channels",
                      "dataWindow", "displayWindow", "preview", "envmap", "textureformat", "planarconfig",
                      "ImageHistory", "Exif:ImageHistory"})
           || has_prefix(name, "oiio:") || has_prefix(name, "openexr:") || has_prefix(name, "ICCProfile");
}

template <class To, class From>
std::vector<std::byte> pack(const std::vector<From>& values)
{
    std::vector<std::byte> bytes(values.size() * sizeof(To));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const To value = static_cast<To>(values[i]);
        std::copy_n(reinterpret_cast<const std::byte*>(&value), sizeof value,
                    bytes.data() + i * sizeof value);
    }
    return bytes;
}

/// The values as memory of the file's type; empty when type and values do not belong together.
std::vector<std::byte> memory_of(const Attribute& attribute, TypeDesc type)
{
    return std::visit(
        [&]<class T>(const std::vector<T>& values) -> std::vector<std::byte> {
            if (type.arraylen < 0 || values.size() != type.basevalues())
                return {};
            if constexpr (std::is_same_v<T, std::string>) {
                std::vector<const char*> texts;
                for (const std::string& value : values)
                    texts.push_back(value.c_str());
                return type.basetype == TypeDesc::STRING ? pack<const char*>(texts)
                                                         : std::vector<std::byte>();
            } else {
                switch (type.basetype) {
                case TypeDesc::INT8: return pack<std::int8_t>(values);
                case TypeDesc::INT16: return pack<std::int16_t>(values);
                case TypeDesc::INT32: return pack<std::int32_t>(values);
                case TypeDesc::UINT16: return pack<std::uint16_t>(values);
                case TypeDesc::UINT32: return pack<std::uint32_t>(values);
                case TypeDesc::FLOAT: return pack<float>(values);
                case TypeDesc::DOUBLE: return pack<double>(values);
                default: return {};
                }
            }
        },
        attribute.values);
}

}  // namespace

Attributes attributes_from_spec(const OIIO::ImageSpec& spec, bool is_exr)
{
    Attributes attributes;
    for (const ParamValue& param : spec.extra_attribs) {
        std::string name = param.name().string();
        if (is_oiios_own(name, is_exr) || (!is_exr && is_print_density(name)))
            continue;
        const auto type = name_of(param.type());
        auto values = values_of(param);
        if (!type || !values)
            continue;
        // OIIO reads cameraTransform under this name, but would write it as worldToCamera.
        if (name == "worldtocamera" && is_exr)
            name = "cameraTransform";
        attributes.set({.name = std::move(name), .type = *type, .values = std::move(*values)});
    }
    return attributes;
}

void add_attributes(OIIO::ImageSpec& spec, const Attributes& attributes)
{
    for (const Attribute& attribute : attributes) {
        if (describes_the_old_file(attribute.name))
            continue;
        const TypeDesc type = type_named(attribute.type);
        const std::vector<std::byte> memory = memory_of(attribute, type);
        if (!memory.empty())
            spec.attribute(attribute.name, type, memory.data());
    }

    // Without a DateTime, OIIO's EXR writer adds the time of day, and no two renders would be the same bytes.
    // One that is not text is not written, but found.
    if (spec.find_attribute("DateTime") == nullptr)
        spec.attribute("DateTime", 0);
}

void stop_oiio_debug_messages() { OIIO::attribute("debug", 0); }

}  // namespace platefall
