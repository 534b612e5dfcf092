#include <platefall/frame.h>

#include "base/spelling.h"

#include <platefall/error.h>

namespace platefall {
namespace {

[[noreturn]] void refuse(const Frame& frame, std::string_view name)
{
    std::vector<std::string> names;
    for (const auto& entry : frame.layers())
        names.push_back("'" + entry.first + "'");
    throw Error("frame " + std::to_string(frame.number) + " has no layer '" + std::string(name) + "' ("
                + (names.empty() ? "it has none yet" : "it has " + join_with_and(names)) + ")");
}

}  // namespace

bool Frame::has(std::string_view layer) const
{
    return layers_.find(layer) != layers_.end();
}

const Image& Frame::layer(std::string_view name) const
{
    const auto found = layers_.find(name);
    if (found == layers_.end())
        refuse(*this, name);
    return found->second;
}

void Frame::set(std::string name, Image image)
{
    layers_.insert_or_assign(std::move(name), std::move(image));
}

Image Frame::take(std::string_view name)
{
    const auto found = layers_.find(name);
    if (found == layers_.end())
        refuse(*this, name);
    Image image = std::move(found->second);
    layers_.erase(found);
    return image;
}

}  // namespace platefall
