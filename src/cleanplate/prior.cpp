#include "cleanplate/prior.h"

#include "stage/external_file.h"

#include <utility>

namespace platefall::cleanplate {
namespace {

/// As if an empty table had been written.
Params defaults_for(const Params& params)
{
    Faults none;
    return Params::check(ParamTable{.entries = {}, .origin = params.origin("prior")}, model::painter_params(), "prior", {}, none);
}

std::shared_ptr<const model::Session> open(const std::filesystem::path& file, const Params& params)
try {
    return model::open_session(file);
} catch (const Error& error) {
    throw params.error("prior", error.what());
}

}  // namespace

ParamSpecs prior_params()
{
    return {
        param::text("prior", "Neural model that says what belongs where no frame saw anything, as \"onnx:FILE\"; the patches bring "
                             "the plate's detail."),
        param::tables("prior_tensors", model::painter_params(), "", "What the model's tensors mean, where it cannot be told by "
                                                                    "their shape: one table."),
    };
}

std::optional<Prior> read_prior(const Params& params, std::uint64_t seed)
{
    const std::vector<Params>& tables = params.tables("prior_tensors");
    if (tables.size() > (params.has("prior") ? 1 : 0))
        throw params.error("prior_tensors", "'prior_tensors' is one table, and goes with a 'prior'");
    if (!params.has("prior"))
        return std::nullopt;
    if (params.text("method") == "propagate")
        throw params.error("prior", "'prior' says how to make things up, and the method 'propagate' makes nothing up");
    const std::filesystem::path file = locate_model(params, "prior");
    auto session = open(file, params);
    const Params defaults = defaults_for(params);
    const Params& tensors = tables.empty() ? defaults : tables.front();
    return Prior{.files = model::files_of(file),
                 .painter = model::make_painter(std::move(session), tensors, seed)};
}

}  // namespace platefall::cleanplate
