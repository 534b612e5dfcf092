/// From what was traced to the layers of a frame.
#pragma once

#include "render/picture.h"
#include "render/prepared.h"
#include "render/settings.h"

#include <optional>

namespace platefall::render {

/// The Cryptomattes that were asked for.
class Mattes {
public:
    Mattes(const PreparedShot& shot, const Settings& settings, const Window& data, const Window& display);

    PictureMattes wanted();
    void describe_in(Attributes& attributes) const;
    Image image(Aov aov) const;

private:
    const PreparedShot& shot_;
    std::optional<Cryptomatte> pieces_, elements_;
};

/// R G B A, premultiplied: sunlight and skylight together.
Image lit_debris(const Picture& picture);

/// `direct` and `sky` add up to the layer debris.
Image aov_of(Aov aov, const Picture& picture, const Mattes& mattes);

/// Of a frame in which there is nothing.
Image empty_aov(Aov aov, const Window& data, const Window& display);

}  // namespace platefall::render
