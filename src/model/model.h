/// A model with a meaning: encoded colours and a matte in, colours out, one view at a time.
#pragma once

#include "model/binding.h"

#include <platefall/image.h>

#include <cstdint>
#include <memory>

namespace platefall::model {

class Model {
public:
    /// Throws Error as bind() does. `seed` is of the noise, for models that take some.
    Model(std::shared_ptr<const Session> session, const Params& params, std::uint64_t seed);

    const std::string& name() const { return session_->name(); }
    std::optional<int> width() const { return binding_.width; }     ///< when it takes only that
    std::optional<int> height() const { return binding_.height; }

    /// `codes`: R G B, 0..1 from black to white; `matte`: one channel on the same window, above 0 in the hole. Returns
    /// R G B codes on that window, as the model gave them. Throws Error when it gives another size, or NaN or infinity.
    Image run(const Image& codes, const Image& matte) const;

private:
    Tensor plate_tensor(const Image& codes, const Image& matte) const;
    Tensor matte_tensor(const Image& matte) const;
    Tensor noise_tensor() const;
    Image picture_of(const Tensor& output, const Window& window) const;

    std::shared_ptr<const Session> session_;
    Binding binding_;
    std::uint64_t seed_;
};

}  // namespace platefall::model
