#include "wedge/choice.h"

#include "report/contact_sheet.h"
#include "report/page.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace platefall::wedge {
namespace {

using nlohmann::json;

constexpr std::string_view kStyle =
#include "wedge/choice.css.inc"
    ;
constexpr std::string_view kScript =
#include "wedge/choice.js.inc"
    ;
constexpr std::string_view kBody =
#include "wedge/choice.html.inc"
    ;

/// In place of a frame that failed: as large as the others.
DisplayPicture no_picture(const Choice& choice)
{
    DisplayPicture picture(320, 180);
    for (const Shown& variant : choice.variants)
        for (const auto& still : variant.stills)
            if (still)
                picture = DisplayPicture(still->small.width, still->small.height);
    burn_in(picture, "no picture", Corner::top_left);
    return picture;
}

}  // namespace

DisplayPicture contact_sheet_of(const Choice& choice)
{
    const bool one_frame = choice.frames.size() == 1;
    const DisplayPicture none = no_picture(choice);
    std::vector<SheetCell> cells;
    std::vector<std::string> titles;
    for (const Shown& variant : choice.variants) {
        const std::string title = fmt::format("{}  {}", variant.number, variant.label);
        titles.push_back(title);
        for (std::size_t i = 0; i < choice.frames.size(); ++i)
            cells.push_back({variant.stills[i] ? variant.stills[i]->small : none,
                             {one_frame ? title : std::to_string(choice.frames[i])}});
    }
    SheetLayout layout{.title = choice.title, .cell_width_px = none.width};
    if (!one_frame) {
        layout.columns = static_cast<int>(choice.frames.size());
        layout.row_titles = titles;
    }
    return contact_sheet(cells, layout);
}

std::string page_of(const Choice& choice)
{
    json variants = json::array();
    for (const Shown& variant : choice.variants) {
        json pictures = json::array();
        for (const auto& still : variant.stills)
            pictures.push_back(still ? json(data_uri("image/jpeg", still->jpeg)) : json(nullptr));
        variants.push_back({{"number", variant.number}, {"label", variant.label}, {"pictures", pictures}});
    }
    const json data{{"command", choice.command}, {"frames", choice.frames}, {"variants", variants}};
    return html({.title = choice.title,
                 .body = fmt::format("<h1>{}</h1>\n{}", escaped(choice.title), kBody),
                 .style = std::string(kStyle),
                 .script = std::string(kScript),
                 .data = data.dump(-1, ' ', false, json::error_handler_t::replace)});
}

}  // namespace platefall::wedge
