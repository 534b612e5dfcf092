#include "stage/manifest_schema.h"

#include "shot/shot.h"
#include "stage/stage_examples.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace platefall {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

Json schema()
{
    return Json::parse(manifest_schema(test::example_stages()));
}

std::vector<std::string> keys_of(const Json& object)
{
    std::vector<std::string> keys;
    for (const auto& item : object.items())
        keys.push_back(item.key());
    return keys;
}

/// What [[stage]] with this `use` must look like.
Json stage_schema(const std::string& use)
{
    const Json conditions = schema()["properties"]["stage"]["items"]["allOf"];
    for (const Json& condition : conditions)
        if (condition["if"]["properties"]["use"]["const"] == use)
            return condition["then"];
    throw std::runtime_error("no stage " + use);
}

TEST(ManifestSchema, IsDraftSevenAndClosedAtTheTop)
{
    EXPECT_EQ(schema()["$schema"], "http://json-schema.org/draft-07/schema#");
    EXPECT_EQ(schema()["additionalProperties"], false);
    EXPECT_EQ(schema()["required"], Json({"shot", "plate", "output"}));
    EXPECT_THAT(keys_of(schema()["properties"]),
                ElementsAre("shot", "plate", "camera", "output", "cache", "provenance", "layer", "matte", "stage"));
}

TEST(ManifestSchema, HasEveryKeyOfEverySection)
{
    const Json properties = schema()["properties"];
    for (const ManifestSection& section : manifest_sections()) {
        EXPECT_EQ(properties[section.name]["additionalProperties"], false) << section.name;
        EXPECT_EQ(properties[section.name]["properties"].size(), section.params.size()) << section.name;
        for (const ParamSpec& spec : section.params)
            EXPECT_TRUE(properties[section.name]["properties"].contains(spec.name)) << spec.name;
    }
    EXPECT_EQ(properties["shot"]["required"], Json({"name", "frames"}));
}

TEST(ManifestSchema, SaysUnitDefaultRangeAndChoices)
{
    const Json shot = schema()["properties"]["shot"]["properties"];
    EXPECT_EQ(shot["fps"].dump(), R"({"type":"number","minimum":0.001,"maximum":1000,)"
                                  R"("description":"Frames a second. Unit: frames/s.","default":24})");
    const Json output = schema()["properties"]["output"]["properties"];
    EXPECT_EQ(output["window"]["enum"], Json({"plate", "all", "display"}));
    EXPECT_EQ(output["window"]["default"], "plate");
}

TEST(ManifestSchema, DescribesEveryTypeOfParameter)
{
    const Json comp = stage_schema("comp")["properties"];
    EXPECT_EQ(comp["holdout"]["type"], "boolean");
    EXPECT_EQ(comp["seed"]["type"], "integer");
    EXPECT_EQ(comp["seed"]["default"].dump(), "7");
    EXPECT_EQ(comp["gain"].dump(), R"({"type":"array","items":{"type":"number"},"minItems":3,"maxItems":3,)"
                                   R"("description":"Gain.","default":[1,1,0.5]})");
    EXPECT_EQ(comp["shape"]["items"].dump(),
              R"({"type":"array","items":{"type":"number"},"minItems":2,"maxItems":2})");
    EXPECT_EQ(comp["skip"]["items"].dump(), R"({"type":"string"})");
    EXPECT_EQ(comp["layers"]["items"]["anyOf"][0].dump(), R"({"type":"string"})");
    EXPECT_EQ(comp["layers"]["items"]["anyOf"][1]["required"], Json::array({"layer"}));
    EXPECT_EQ(comp["layers"]["items"]["anyOf"][1]["additionalProperties"], false);
}

TEST(ManifestSchema, LetsUseDecideWhichKeysAStageHas)
{
    const Json items = schema()["properties"]["stage"]["items"];
    EXPECT_EQ(items["properties"]["use"]["anyOf"][0]["enum"], Json({"read", "matte", "comp"}));
    EXPECT_EQ(items["required"], Json::array({"use"}));
    EXPECT_EQ(items["allOf"][1]["if"].dump(),
              R"({"properties":{"use":{"const":"matte"}},"required":["use"]})");
    EXPECT_THAT(keys_of(stage_schema("matte")["properties"]), ElementsAre("name", "grow", "use"));
    EXPECT_EQ(stage_schema("matte")["additionalProperties"], false);
    EXPECT_EQ(stage_schema("matte")["required"], Json::array({"name"}));
}

TEST(ManifestSchema, TakesTheNameOfLayersAndMattesFromTheirTable)
{
    const Json layer = schema()["properties"]["layer"];
    EXPECT_EQ(layer["additionalProperties"], false);
    ASSERT_THAT(keys_of(layer["patternProperties"]), ElementsAre("^[A-Za-z0-9_-]+$"));
    EXPECT_THAT(keys_of(layer["patternProperties"].front()["properties"]), ElementsAre("path"));
    EXPECT_EQ(layer["patternProperties"].front()["required"], Json::array({"path"}));
    EXPECT_FALSE(schema()["properties"]["matte"]["patternProperties"].front().contains("required"));
}

}  // namespace
}  // namespace platefall
