#include "report/report_page.h"

#include "report/page.h"

#include <fmt/format.h>

#include <utility>

namespace platefall {
namespace {

using nlohmann::json;

constexpr std::string_view kStyle =
#include "report/report_page.css.inc"
    ;
constexpr std::string_view kScript =
#include "report/report_page.js.inc"
    ;
constexpr std::string_view kMark = "<!-- platefall report ";

/// What the script finds. Put together as text, since the pictures are most of it and need not be in memory three times.
std::string data_of(const json& provenance, const std::vector<StillFrame>& stills)
{
    const auto dumped = [](const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); };
    std::string text = "{\"provenance\":" + dumped(provenance) + ",\"stills\":[";
    for (const StillFrame& still : stills) {
        text += fmt::format("{}{{\"frame\":{},\"layers\":[", &still == &stills.front() ? "" : ",", still.frame);
        bool first = true;
        for (const auto& [name, picture] : still.layers) {
            text += fmt::format("{}{{\"name\":{},\"uri\":\"", std::exchange(first, false) ? "" : ",", dumped(name));
            text += data_uri("image/jpeg", picture) + "\"}";
        }
        text += "]}";
    }
    return text + "]}";
}

/// "72 of 72 frames are good", or what is not.
std::string frames_in_words(const json& provenance)
{
    std::size_t good = 0, stale = 0;
    for (const json& frame : provenance.at("frames")) {
        good += frame.at("state") == "good" || frame.at("state") == "unrecorded";
        stale += frame.at("state") == "out of date";
    }
    std::string text = fmt::format("{} of {} frames are good", good, provenance.at("frames").size());
    return stale > 0 ? fmt::format("{}, {} are of an older manifest or plate", text, stale) : text;
}

std::string heading(const json& provenance)
{
    const auto text = [&](const char* key) { return escaped(provenance.value(key, "")); };
    const json& manifest = provenance.at("manifest");
    std::string made = fmt::format("{} · {} · {} · platefall {}", frames_in_words(provenance), text("approval"), text("written"),
                                   text("platefall"));
    if (const std::string by = text("operator"); !by.empty())
        made += " · " + by;
    return fmt::format("<h1>{} {}</h1>\n<p class=\"quiet\">{}<br><code>{} {}</code></p>\n", text("shot"), text("version"), made,
                       escaped(manifest.value("file", "")), escaped(manifest.value("content", "")));
}

std::string section(const std::string& title, const std::string& id, const std::string& content)
{
    return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, title, content);
}

}  // namespace

std::string report_page(const json& provenance, const ReviewPictures& pictures, const std::string& mark)
{
    std::string body = fmt::format("{}{} -->\n", kMark, mark) + heading(provenance);
    body += section("Before and after", "review",
                    "<div class=\"row\" id=\"frames\" role=\"group\" aria-label=\"frame\"></div>\n"
                    "<div id=\"wipe\"><img id=\"left\" alt=\"\"><img id=\"right\" alt=\"\"><div id=\"line\"></div>\n"
                    "<input id=\"at\" type=\"range\" min=\"0\" max=\"1000\" value=\"500\" aria-label=\"wipe\"></div>\n"
                    "<div class=\"row\"><span class=\"quiet\">left</span><span id=\"lefts\" role=\"group\" "
                    "aria-label=\"layer on the left\"></span></div>\n"
                    "<div class=\"row\"><span class=\"quiet\">right</span><span id=\"rights\" role=\"group\" "
                    "aria-label=\"layer on the right\"></span></div>\n");
    if (!pictures.movie.empty())
        body += section("Movie", "movie",
                        fmt::format("<video controls loop muted src=\"{}\"></video>\n", data_uri("video/mp4", pictures.movie)));
    body += section("Contact sheet", "sheet",
                    fmt::format("<img alt=\"contact sheet\" src=\"{}\">\n", data_uri("image/jpeg", pictures.sheet)));
    body += section("Warnings", "warnings", "");
    body += section("Where the picture comes from", "origins", "");
    body += section("Time and memory", "times", "");
    body += section("Simulation", "curves", "");
    return html({.title = provenance.value("shot", "") + " · report",
                 .body = std::move(body),
                 .style = std::string(kStyle),
                 .script = std::string(kScript),
                 .data = data_of(provenance, pictures.stills)});
}

std::string page_mark(const std::string& page)
{
    const auto at = page.find(kMark);
    return at == std::string::npos ? "" : page.substr(at + kMark.size(), page.find(' ', at + kMark.size()) - at - kMark.size());
}

}  // namespace platefall
