#include "compare/comparison_json.h"

#include "compare/words.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace platefall::compare {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no word for what is not finite.
Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json(in_words(value));
}

Json of_channel(const ChannelComparison& channel)
{
    const LargestDifference& at = channel.largest;
    return {{"channel", channel.name},
            {"different", channel.is_different()},
            {"pixels", channel.pixels},
            {"unequal", channel.unequal},
            {"failing", channel.failing},
            {"failing_percent", channel.failing_percent()},
            {"mean", number(channel.mean)},
            {"largest",
             {{"absolute", number(at.absolute)}, {"relative", number(at.relative)}, {"x", at.x}, {"y", at.y}, {"a", number(at.a)},
              {"b", number(at.b)}}},
            {"tolerance",
             {{"absolute", channel.tolerance.absolute},
              {"relative", channel.tolerance.relative},
              {"percent", channel.tolerance.percent}}}};
}

Json of_picture(const PictureComparison& picture)
{
    Json channels = Json::array(), flips = Json::array();
    for (const ChannelComparison& channel : picture.channels)
        channels.push_back(of_channel(channel));
    for (const FlipComparison& flip : picture.flips)
        flips.push_back({{"layer", flip.layer}, {"different", flip.is_different}, {"mean", flip.mean}, {"largest", flip.largest}});
    Json json{{"name", picture.pair.name},
              {"a", picture.pair.a.string()},
              {"b", picture.pair.b.string()},
              {"outcome", name_of(picture.outcome)},
              {"summary", in_a_line(picture)}};
    if (!picture.error.empty())
        json["error"] = picture.error;
    json["differences"] = picture.differences;
    json["notes"] = picture.notes;
    json["channels"] = channels;
    json["flip"] = flips;
    return json;
}

Json of_rules(const Rules& rules)
{
    Json json{{"absolute", rules.tolerance.absolute},
              {"relative", rules.tolerance.relative},
              {"percent", rules.tolerance.percent},
              {"metadata", rules.metadata},
              {"ignored_metadata", rules.ignored_metadata}};
    json["flip"] = rules.flip ? Json(rules.most_flip) : Json(nullptr);
    json["pixels_per_degree"] = rules.pixels_per_degree;
    json["colorspace"] = rules.colorspace;
    return json;
}

}  // namespace

std::string comparison_json(const Comparison& comparison)
{
    Json counts, pictures = Json::array();
    for (const Outcome outcome :
         {Outcome::same, Outcome::different, Outcome::missing_in_a, Outcome::missing_in_b, Outcome::unusable})
        counts[name_of(outcome)] = comparison.count(outcome);
    for (const PictureComparison& picture : comparison.pictures)
        pictures.push_back(of_picture(picture));
    const Json json{{"a", comparison.a.string()},
                    {"b", comparison.b.string()},
                    {"same", comparison.is_same()},
                    {"counts", counts},
                    {"rules", of_rules(comparison.rules)},
                    {"pictures", pictures}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace platefall::compare
