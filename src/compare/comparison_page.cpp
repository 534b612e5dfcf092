#include "compare/comparison_page.h"

#include "compare/comparison_views.h"
#include "compare/words.h"
#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace platefall::compare {
namespace {

constexpr std::string_view kStyle =
#include "compare/comparison_page.css.inc"
    ;
constexpr std::string_view kScript =
#include "compare/comparison_page.js.inc"
    ;

constexpr int kPictureWidth_px = 960, kCrop_px = 48;

std::string image(const std::string& mime, const std::vector<std::byte>& content, const std::string& what)
{
    return fmt::format("<img alt=\"{}\" src=\"{}\">", escaped(what), data_uri(mime, content));
}

std::string figure(const std::string& classes, const DisplayPicture& picture, const std::string& caption)
{
    return fmt::format("<figure class=\"{}\">{}<figcaption>{}</figcaption></figure>\n", classes,
                       image("image/jpeg", encode_jpeg(shrunk(picture, kPictureWidth_px), 92), caption), escaped(caption));
}

/// A few pixels around the worst one; the border pixels go on beyond the picture.
DisplayPicture crop_around(const DisplayPicture& picture, int x, int y)
{
    DisplayPicture crop(kCrop_px, kCrop_px);
    for (int v = 0; v < kCrop_px; ++v)
        for (int u = 0; u < kCrop_px; ++u) {
            const int from_x = std::clamp(x + u - kCrop_px / 2, 0, picture.width - 1);
            const int from_y = std::clamp(y + v - kCrop_px / 2, 0, picture.height - 1);
            std::copy_n(picture.row(from_y) + static_cast<std::ptrdiff_t>(from_x) * 3, 3,
                        crop.row(v) + static_cast<std::ptrdiff_t>(u) * 3);
        }
    return crop;
}

std::string crops(const ComparisonViews& views)
{
    if (!views.x)
        return {};
    std::string text = fmt::format("<div class=\"crops\"><span class=\"quiet\">the pixel furthest apart, {},{}, in the middle of {} by "
                                   "{}:</span>",
                                   *views.x, *views.y, kCrop_px, kCrop_px);
    for (const auto& [picture, what] :
         {std::pair{&views.a, "A"}, std::pair{&views.b, "B"}, std::pair{&views.difference, "difference"}})
        text += image("image/png", encode_png(crop_around(*picture, *views.x, *views.y)), fmt::format("{} around the pixel", what));
    return text + "</div>\n";
}

std::string pictures(const ComparisonViews& views)
{
    std::string text = fmt::format(
        "<div class=\"views\" tabindex=\"0\" role=\"group\" aria-label=\"A, B and their difference; F flicks\">\n{}{}{}",
        figure("a", views.a, fmt::format("A, the reference: {}", views.shown)), figure("b", views.b, "B, the new one"),
        figure("", views.difference, "difference x 16"));
    if (views.flip)
        text += figure("", *views.flip, "FLIP: what a person sees who flicks between A and B; black nothing, yellow all");
    return text + "</div>\n" + crops(views);
}

std::string channel_table(const PictureComparison& picture)
{
    std::string rows;
    for (const ChannelComparison& channel : picture.channels)
        if (channel.unequal > 0)
            rows += fmt::format("<tr{}><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{:.3g} %</td>"
                                "<td class=\"number\">{}</td><td class=\"number\">{},{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
                                channel.is_different() ? " class=\"bad\"" : "", escaped(channel.name), channel.failing,
                                channel.failing_percent(), in_words(channel.largest.absolute), channel.largest.x, channel.largest.y,
                                in_words(channel.largest.a), in_words(channel.largest.b));
    if (rows.empty())
        return {};
    return "<table><tr><th>channel</th><th class=\"number\">pixels</th><th class=\"number\">of all</th>"
           "<th class=\"number\">largest</th><th class=\"number\">at</th><th class=\"number\">was</th><th class=\"number\">is</th></tr>\n" + rows + "</table>\n";
}

std::string sentences(const PictureComparison& picture)
{
    std::string text;
    for (const FlipComparison& flip : picture.flips)
        text += fmt::format("<li{}>FLIP of {}: mean {:.4f}, largest {:.3f}</li>\n", flip.is_different ? " class=\"bad\"" : "",
                            flip.layer.empty() ? "RGB" : "layer '" + escaped(flip.layer) + "'", flip.mean, flip.largest);
    for (const std::string& difference : picture.differences)
        text += "<li class=\"bad\">" + escaped(difference) + "</li>\n";
    for (const std::string& note : picture.notes)
        text += "<li>" + escaped(note) + "</li>\n";
    return text.empty() ? text : "<ul>\n" + text + "</ul>\n";
}

/// Worst first: what is most visible, then what has most failing pixels.
std::vector<const PictureComparison*> different_pictures(const Comparison& comparison)
{
    std::vector<const PictureComparison*> different;
    for (const PictureComparison& picture : comparison.pictures)
        if (picture.outcome == Outcome::different)
            different.push_back(&picture);
    const auto badness = [](const PictureComparison* picture) {
        const ChannelComparison* worst = worst_channel(*picture);
        return std::pair(worst_flip(*picture), worst != nullptr ? worst->failing_percent() : 0.0);
    };
    std::stable_sort(different.begin(), different.end(), [&](const auto* x, const auto* y) { return badness(x) > badness(y); });
    return different;
}

std::string overview(const Comparison& comparison)
{
    std::string rows;
    for (const PictureComparison& picture : comparison.pictures)
        if (picture.outcome != Outcome::same)
            rows += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(picture.pair.name), escaped(in_a_line(picture)));
    return rows.empty() ? "<p class=\"good\">Everything is the same.</p>\n" : "<table>\n" + rows + "</table>\n";
}

}  // namespace

std::string comparison_page(const Comparison& comparison, const ColourSpaces& colours, int most_pictures)
{
    const std::string title =
        fmt::format("{} of {} pictures are the same", comparison.count(Outcome::same), comparison.pictures.size());
    std::string body = fmt::format(
        "<h1>{}</h1>\n<p>A, the reference: <code>{}</code><br>B, the new one: <code>{}</code></p>\n"
        "<p class=\"quiet\">The pointer over A or B shows the other one in its place. Keys: F flicks, J and K go to the next "
        "and the last picture.</p>\n{}",
        title, escaped(comparison.a.string()), escaped(comparison.b.string()), overview(comparison));
    const std::vector<const PictureComparison*> different = different_pictures(comparison);
    const std::size_t shown = std::min(different.size(), static_cast<std::size_t>(most_pictures));
    for (std::size_t i = 0; i < shown; ++i) {
        const PictureComparison& picture = *different[i];
        const auto views = comparison_views(picture, comparison.rules, colours);
        body += fmt::format("<section>\n<h2>{}</h2>\n{}{}{}</section>\n", escaped(picture.pair.name), sentences(picture),
                            views ? pictures(*views) : "", channel_table(picture));
    }
    if (shown < different.size())
        body += fmt::format("<p>{} more are different and not shown; --pictures {} shows all.</p>\n", different.size() - shown,
                            different.size());
    return html({.title = "compare: " + title, .body = body, .style = std::string(kStyle), .script = std::string(kScript)});
}

}  // namespace platefall::compare
