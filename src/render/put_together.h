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

/// Debris with its light put back on it, premultiplied. `sun` and `sky` add up to the layer.
///
/// Material: albedo times irradiance over pi. Skin: what the plate showed, times light now over light at rest, which is
/// kept within 0.25 to 4: beyond, the plate's own noise and errors of the model would show.
struct LitDebris {
    Image albedo;                     ///< R G B; of skin by the light at rest
    Image sun, sky;                   ///< R G B
    Image all;                        ///< R G B A
};
LitDebris lit_debris(const Picture& picture);

Image aov_of(Aov aov, const Picture& picture, const LitDebris& lit, const Mattes& mattes);

/// Of a frame in which there is nothing.
Image empty_aov(Aov aov, const Window& data, const Window& display);

}  // namespace platefall::render
