#include "report/contact_sheet.h"

#include <platefall/error.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace platefall {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;
constexpr int kGap_px = 8, kSheetWidth_px = 1920;
const cv::Scalar kBackground(24, 24, 24), kWords(225, 225, 225), kStrip(16, 16, 16);

/// The picture's own pixels.
cv::Mat pixels_of(DisplayPicture& picture)
{
    return {picture.height, picture.width, CV_8UC3, picture.rgb.data()};
}

/// How a line of words of that height is drawn.
struct Type {
    explicit Type(int height_px) : scale(height_px / 30.0), line_px(height_px)
    {
        below_px = static_cast<int>(height_px * 0.3);
    }

    int width_of(const std::string& words) const
    {
        int baseline = 0;
        return cv::getTextSize(words, kFont, scale, 1, &baseline).width;
    }

    /// Cut to the width, with dots.
    std::string fitted(std::string words, int width_px) const
    {
        if (width_of(words) <= width_px)
            return words;
        while (!words.empty() && width_of(words + "...") > width_px)
            words.pop_back();
        return words + "...";
    }

    void draw(cv::Mat& into, const std::string& words, int x, int top) const
    {
        cv::putText(into, words, {x, top + line_px - below_px}, kFont, scale, kWords, 1, cv::LINE_AA);
    }

    double scale;
    int line_px, below_px;
};

int columns_of(const SheetLayout& layout, std::size_t cells, int cell_width)
{
    const int fitting = layout.columns > 0 ? layout.columns : std::max(1, kSheetWidth_px / (cell_width + kGap_px));
    return std::min(fitting, static_cast<int>(cells));
}

}  // namespace

DisplayPicture contact_sheet(const std::vector<SheetCell>& cells, const SheetLayout& layout)
{
    if (cells.empty())
        throw Error("a contact sheet needs at least one picture");
    std::vector<DisplayPicture> small;
    int width = 0, height = 0;
    std::size_t lines = 0;
    for (const SheetCell& cell : cells) {
        small.push_back(shrunk(cell.picture, layout.cell_width_px));
        width = std::max(width, small.back().width);
        height = std::max(height, small.back().height);
        lines = std::max(lines, cell.lines.size());
    }
    const Type type(std::clamp(width / 20, 13, 22)), row_type(24), title_type(30);
    const int columns = columns_of(layout, cells.size(), width);
    const int rows = (static_cast<int>(cells.size()) + columns - 1) / columns;
    const int heading = layout.row_titles.empty() ? 0 : row_type.line_px + 2 * kGap_px;
    const int step_x = width + kGap_px, step_y = heading + height + static_cast<int>(lines) * type.line_px + kGap_px;
    const int top = layout.title.empty() ? kGap_px : title_type.line_px + 2 * kGap_px;

    DisplayPicture sheet(columns * step_x + kGap_px, top + rows * step_y);
    cv::Mat into = pixels_of(sheet);
    into.setTo(kBackground);
    if (!layout.title.empty())
        title_type.draw(into, title_type.fitted(layout.title, sheet.width - 2 * kGap_px), kGap_px, kGap_px);
    for (std::size_t row = 0; row < layout.row_titles.size(); ++row)
        row_type.draw(into, row_type.fitted(layout.row_titles[row], sheet.width - 2 * kGap_px), kGap_px,
                      top + static_cast<int>(row) * step_y + kGap_px);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const int x = kGap_px + static_cast<int>(i) % columns * step_x;
        const int y = top + static_cast<int>(i) / columns * step_y + heading;
        pixels_of(small[i]).copyTo(into(cv::Rect(x, y, small[i].width, small[i].height)));
        for (std::size_t line = 0; line < cells[i].lines.size(); ++line)
            type.draw(into, type.fitted(cells[i].lines[line], width), x, y + height + static_cast<int>(line) * type.line_px);
    }
    return sheet;
}

void burn_in(DisplayPicture& picture, const std::string& words, Corner corner, int line)
{
    if (words.empty())
        return;
    const Type type(std::clamp(picture.height / 28, 12, 60));
    const int edge = type.line_px / 2;
    const std::string shown = type.fitted(words, picture.width - 4 * edge);
    const bool right = corner == Corner::top_right || corner == Corner::bottom_right;
    const bool bottom = corner == Corner::bottom_left || corner == Corner::bottom_right;
    const int width = type.width_of(shown) + edge, height = type.line_px + edge / 2;
    const cv::Rect strip(right ? picture.width - edge - width : edge,
                         bottom ? picture.height - edge - (line + 1) * height : edge + line * height, width, height);
    cv::Mat into = pixels_of(picture);
    const cv::Rect seen = strip & cv::Rect(0, 0, picture.width, picture.height);
    if (seen.empty())
        return;
    cv::Mat under = into(seen);
    cv::addWeighted(under, 0.35, cv::Mat(seen.size(), CV_8UC3, kStrip), 0.65, 0.0, under);
    type.draw(into, shown, strip.x + edge / 2, strip.y + edge / 4);
}

}  // namespace platefall
