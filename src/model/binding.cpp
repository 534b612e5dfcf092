#include "model/binding.h"

#include "base/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace platefall::model {
namespace {

bool is_picture(const TensorInfo& tensor)
{
    return tensor.dims.size() == 4 && tensor.element != Element::other && (tensor.dims[0] == 1 || tensor.dims[0] == -1);
}

bool may_be_channels(std::int64_t dim)
{
    return dim == 1 || dim == 3 || dim == 4;
}

/// Told by the manifest, or by which side has the channels.
bool is_nhwc(const TensorInfo& tensor, const std::string& layout)
{
    if (layout != "auto")
        return layout == "nhwc";
    return !may_be_channels(tensor.dims[1]) && may_be_channels(tensor.dims[3]);
}

std::int64_t channels_of(const TensorInfo& tensor, const std::string& layout)
{
    return tensor.dims[is_nhwc(tensor, layout) ? 3 : 1];
}

Range range_of(const std::string& name, const TensorInfo& tensor)
{
    if (name == "0..255" || (name == "auto" && tensor.element == Element::uint8))
        return {0, 255};
    return name == "-1..1" ? Range{-1, 1} : Range{0, 1};
}

/// Looks for the tensors of one model.
class Search {
public:
    Search(const Session& session, const Params& params)
        : session_(session), params_(params), layout_(params.text("layout"))
    {
    }

    /// The one that the manifest names, or the only one that has so many channels; nothing when there is none.
    const TensorInfo* find(const std::vector<TensorInfo>& tensors, const char* kind, const char* key,
                           std::initializer_list<std::int64_t> channels) const
    {
        if (params_.has(key))
            return &named(tensors, kind, key);
        const TensorInfo* found = nullptr;
        for (const TensorInfo& tensor : tensors) {
            if (!is_picture(tensor) || std::ranges::find(channels, channels_of(tensor, layout_)) == channels.end())
                continue;
            if (found)
                throw params_.error(key, fmt::format("'{}' has more than one {} that this could be: {}; say which with '{}'",
                                                     session_.name(), kind, describe(tensors), key));
            found = &tensor;
        }
        return found;
    }

    const TensorInfo& named(const std::vector<TensorInfo>& tensors, const char* kind, const char* key) const
    {
        const std::string& name = params_.text(key);
        std::vector<std::string> names;
        for (const TensorInfo& tensor : tensors) {
            if (tensor.name == name)
                return tensor;
            names.push_back(tensor.name);
        }
        throw params_.error(key, fmt::format("'{}' has no {} '{}'; it has {}", session_.name(), kind, name, describe(tensors)),
                            did_you_mean(name, names));
    }

    /// A picture that can be fed or read at all.
    const TensorInfo& usable(const TensorInfo& tensor, const char* key) const
    {
        if (is_picture(tensor))
            return tensor;
        throw params_.error(key, fmt::format("{} of '{}' cannot be a picture: that has four dimensions, the first of them 1, of "
                                             "float, float16 or uint8",
                                             describe(tensor), session_.name()));
    }

private:
    const Session& session_;
    const Params& params_;
    std::string layout_;
};

void bind_plate(const TensorInfo& plate, const Params& params, Binding& binding)
{
    const std::string& layout = params.text("layout");
    binding.plate = plate.name;
    binding.is_nhwc = is_nhwc(plate, layout);
    binding.is_joined = channels_of(plate, layout) == 4;
    binding.plate_range = range_of(params.text("range"), plate);
    const std::int64_t height = plate.dims[binding.is_nhwc ? 1 : 2], width = plate.dims[binding.is_nhwc ? 2 : 3];
    if (height > 0)
        binding.height = static_cast<int>(height);
    if (width > 0)
        binding.width = static_cast<int>(width);
}

void bind_matte(const TensorInfo* matte, const TensorInfo& plate, const Params& params, Binding& binding)
{
    const bool is_uint8 = (matte ? *matte : plate).element == Element::uint8;
    binding.matte_values = {0, is_uint8 ? 255.0f : 1.0f};
    if (params.has("matte_values")) {
        const std::vector<double> values = params.numbers("matte_values");
        binding.matte_values = {static_cast<float>(values[0]), static_cast<float>(values[1])};
    }
    const std::string& covered = params.text("covered");
    binding.zero_hole = covered == "zero" || (covered == "auto" && (matte || binding.is_joined));
    if (!matte)
        return;
    binding.matte = matte->name;
    binding.matte_channels = std::max(1, static_cast<int>(matte->dims[binding.is_nhwc ? 3 : 1]));
}

/// Normally distributed numbers go where the manifest says; anything else that the model wants is a fault.
void bind_rest(const Session& session, const Search& search, const Params& params, Binding& binding)
{
    if (params.has("noise_input")) {
        const TensorInfo& noise = search.named(session.inputs(), "input", "noise_input");
        binding.noise = noise.name;
        binding.noise_dims = noise.dims;
        for (std::int64_t& dim : binding.noise_dims)
            dim = dim < 0 ? 1 : dim;
    }
    for (const TensorInfo& input : session.inputs())
        if (input.name != binding.plate && input.name != binding.matte && input.name != binding.noise)
            throw Error(at(params.origin(),
                           fmt::format("'{}' needs input {}, which nothing feeds; say with plate_input, matte_input and "
                                       "noise_input what its inputs are ({})",
                                       session.name(), describe(input), describe(session.inputs()))));
}

}  // namespace

ParamSpecs binding_params()
{
    return {
        param::text("plate_input", "The model's input for the plate; else the only one with 3 or 4 channels."),
        param::text("matte_input", "The model's input for the matte; else the only one with 1 channel."),
        param::text("noise_input", "An input that takes normally distributed noise, the same for every frame of the shot."),
        param::text("output", "The model's output that is the picture; else the only one with 3 or 4 channels."),
        param::choice("layout", {"auto", "nchw", "nhwc"}, "auto",
                      "Order of the dimensions: batch, channels, rows, columns or batch, rows, columns, channels; auto goes by "
                      "which of them is 1, 3 or 4."),
        param::choice("channels", {"rgb", "bgr"}, "rgb", "Order of the colours."),
        param::choice("joined", {"plate_first", "matte_first"}, "plate_first",
                      "Of an input with 4 channels, which of them come first."),
        param::choice("range", {"auto", "0..1", "-1..1", "0..255"}, "auto",
                      "Numbers that stand for black and white; auto is 0..255 for uint8, else 0..1."),
        param::choice("output_range", {"auto", "0..1", "-1..1", "0..255"}, "auto",
                      "The same of what comes out; auto is 0..255 for uint8, else as what goes in."),
        param::numbers("matte_values", 2,
                       "Numbers of the matte where nothing is covered, and in the hole; else 0 and 1, or 0 and 255 for uint8."),
        param::choice("covered", {"auto", "zero", "keep"}, "auto",
                      "What the model gets of covered pixels: the number 0, or what is there; auto is zero for a model that "
                      "takes a matte."),
    };
}

Binding bind(const Session& session, const Params& params)
{
    const Search search(session, params);
    const TensorInfo* plate = search.find(session.inputs(), "input", "plate_input", {3, 4});
    if (!plate)
        throw params.error("plate_input", fmt::format("'{}' has no input for a picture; it has {}", session.name(),
                                                      describe(session.inputs())));
    Binding binding;
    bind_plate(search.usable(*plate, "plate_input"), params, binding);
    binding.is_bgr = params.text("channels") == "bgr";
    binding.matte_first = params.text("joined") == "matte_first";

    const TensorInfo* matte = search.find(session.inputs(), "input", "matte_input", {1});
    if (matte)
        search.usable(*matte, "matte_input");
    bind_matte(matte, *plate, params, binding);
    bind_rest(session, search, params, binding);

    const TensorInfo* output = search.find(session.outputs(), "output", "output", {3, 4});
    if (!output && session.outputs().size() == 1)
        output = &session.outputs().front();   // exports often leave its dimensions open
    if (!output)
        throw params.error("output", fmt::format("'{}' has no output that is a picture; it has {}", session.name(),
                                                 describe(session.outputs())));
    binding.output = search.usable(*output, "output").name;
    const std::string& range = params.text("output_range");
    const bool as_input = range == "auto" && output->element != Element::uint8;
    binding.output_range = as_input ? binding.plate_range : range_of(range, *output);
    return binding;
}

}  // namespace platefall::model
