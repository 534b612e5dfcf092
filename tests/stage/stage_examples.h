/// Stages that do nothing, for tests of what is told about stages.
#pragma once

#include <platefall/stage.h>

namespace platefall::test {

/// A `read`, a `matte`, and a `comp` with a parameter of every type.
inline StageRegistry example_stages()
{
    ParamSpec layers = param::tables("layers",
                                     {param::text("layer", "The layer.").must_be_given(),
                                      param::number("opacity", 1.0, "How much | of it.").between(0, 1)},
                                     "layer", "Layers, bottom to top.")
                           .must_be_given();
    StageRegistry stages;
    stages.add(
        {"read",
         "Reads a sequence.",
         1,
         {param::text("name", "Its layer.").must_be_given(), param::path("path", "Files.").must_be_given()},
         {}});
    stages.add({"matte",
                "Reads a matte.",
                1,
                {param::text("name", "Its layer.").must_be_given(),
                 param::number("grow", 0.0, "Grows it.").in("px").between(-500, 500)},
                {}});
    stages.add({"comp",
                "Puts layers together.",
                1,
                {layers, param::flag("holdout", false, "Cuts holes."), param::integer("seed", 7, "Seed."),
                 param::choice("filter", {"linear", "cubic"}, "cubic", "Filter."),
                 param::numbers("gain", {1.0, 1.0, 0.5}, "Gain."),
                 param::points("shape", "Outline.").in("px"), param::texts("skip", "Layers to skip.")},
                {}});
    return stages;
}

}  // namespace platefall::test
