/// How layers travel to another process and back.
#pragma once

#include "plugin/protocol.h"

#include <platefall/image.h>

#include <memory>
#include <string>
#include <vector>

namespace platefall::plugin {

/// Carries the layers of one frame at a time, and then those of another.
class Carriage {
public:
    virtual ~Carriage() = default;

    /// Where the other process finds the layer, until the next frame's of that name is put.
    virtual std::string put(const std::string& layer, const Image& image) = 0;

    /// Where it is to write the layer.
    virtual std::string room_for(const std::string& layer) = 0;

    /// What it wrote there; channels take their type from those of that name in `like`. Throws Error saying what is wrong.
    virtual Image take(const std::string& layer, const std::vector<Channel>& like) = 0;
};

std::unique_ptr<Carriage> make_carriage(Pictures pictures);

}  // namespace platefall::plugin
