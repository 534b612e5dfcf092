#include "report/report.h"

#include "base/files.h"
#include "base/parallel.h"
#include "cache/fingerprints.h"
#include "image/memory.h"
#include "pipeline/frame_key.h"
#include "pipeline/previews.h"
#include "pipeline/render_frame.h"
#include "report/contact_sheet.h"
#include "report/finished_picture.h"
#include "report/movie.h"
#include "report/provenance.h"
#include "report/report_page.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace platefall {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr int kMostCells = 12, kPreviewWidth_px = 960;

/// "out/street" of "out/street.####.exr": what the frames are called without their number.
fs::path base_of(const Plan& plan)
{
    const fs::path pattern = plan.shot.output.path.pattern();
    std::string name = pattern.stem().string();
    const std::size_t field = name.find_first_of("#%");
    name = name.substr(0, field);
    while (!name.empty() && std::string_view("._-").find(name.back()) != std::string_view::npos)
        name.pop_back();
    return pattern.parent_path() / (name.empty() ? plan.shot.info.name : name);
}

fs::path with_ending(fs::path base, const char* ending)
{
    return base += ending;
}

std::vector<std::byte> read_bytes(const fs::path& file)
{
    const std::string text = read_text_file(file);
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// Makes the pictures of a report out of what is on disk.
class Reviewer {
public:
    Reviewer(const Plan& plan, Fingerprints& fingerprints) : plan_(plan), fingerprints_(fingerprints) {}

    DisplayPicture result(int frame, int width_px) const { return finished_picture(plan_.shot, frame, width_px); }

    DisplayPicture plate(int frame, int width_px) const
    {
        return shown_picture(read_plate(plan_.shot, frame).take("plate"), *plan_.shot.colours, plan_.shot.info.colorspace, width_px);
    }

    /// Every layer as it was when the frame was rendered, or at least plate and result.
    StillFrame still(int frame) const
    {
        StillFrame still{.frame = frame, .layers = {}};
        for (const LayerPreview& preview : find_previews(plan_, frame_key(plan_, fingerprints_, frame)))
            still.layers.emplace_back(preview.layer, read_bytes(preview.picture));
        if (still.layers.empty())
            still.layers = {{"plate", encode_jpeg(plate(frame, kPreviewWidth_px))},
                            {plan_.result, encode_jpeg(result(frame, kPreviewWidth_px))}};
        return still;
    }

    DisplayPicture sheet(const std::vector<int>& frames) const
    {
        const std::vector<int> some = spread_frames(frames, kMostCells);
        std::vector<SheetCell> cells(some.size());
        const int count = static_cast<int>(some.size()), at_once = frames_at_once(plan_.shot.info.plate_display);
        for (int first = 0; first < count; first += at_once)
            parallel_each(std::min(at_once, count - first), [&](int i) {
                const auto cell = static_cast<std::size_t>(first + i);
                cells[cell] = {result(some[cell], 480), {std::to_string(some[cell])}};
            });
        return contact_sheet(cells, {.title = title() + "   " + format_frame_range(frames), .columns = 4});
    }

    /// Of the movie.
    DisplayPicture picture(int frame, const ReportOptions& options) const
    {
        const int width = options.before_after ? kPreviewWidth_px * 3 / 4 : kPreviewWidth_px;
        DisplayPicture picture = result(frame, width);
        if (options.before_after)
            picture = beside(plate(frame, width), picture);
        if (options.burn_in) {
            burn_in(picture, title(), Corner::top_left);
            burn_in(picture, std::to_string(frame), Corner::bottom_right);
            if (options.before_after)
                burn_in(picture, "before | after", Corner::bottom_left);
        }
        return picture;
    }

    /// "street_0010 v012"
    std::string title() const
    {
        return plan_.shot.version.empty() ? plan_.shot.info.name : plan_.shot.info.name + " " + plan_.shot.version;
    }

private:
    static DisplayPicture beside(const DisplayPicture& left, const DisplayPicture& right)
    {
        DisplayPicture both(left.width + right.width, std::max(left.height, right.height));
        for (int y = 0; y < left.height; ++y)
            std::copy_n(left.row(y), left.width * 3, both.row(y));
        for (int y = 0; y < right.height; ++y)
            std::copy_n(right.row(y), right.width * 3, both.row(y) + left.width * 3);
        return both;
    }

    const Plan& plan_;
    Fingerprints& fingerprints_;
};

std::vector<int> frames_there(const json& provenance)
{
    std::vector<int> there;
    for (const json& frame : provenance.at("frames"))
        if (frame.at("state") != "missing")
            there.push_back(frame.at("frame"));
    return there;
}

/// Those whose layers were kept, and others where these are few.
std::set<int> frames_to_review(const Plan& plan, const std::vector<int>& there)
{
    constexpr int kFew = 4;
    std::set<int> frames;
    for (const int frame : preview_frames(plan.shot.info.frames))
        if (std::ranges::binary_search(there, frame))
            frames.insert(frame);
    if (frames.size() < kFew)
        for (const int frame : spread_frames(there, kFew))
            frames.insert(frame);
    return frames;
}

/// Everything but when it was written.
std::string timeless(json provenance)
{
    if (provenance.is_object())
        provenance.erase("written");
    return provenance.dump(-1, ' ', false, json::error_handler_t::replace);
}

json update_provenance(const Plan& plan, Fingerprints& fingerprints)
{
    const fs::path file = report_files(plan).provenance;
    const json before = read_provenance(file);
    json now = provenance(plan, fingerprints, before);
    if (timeless(now) != timeless(before))
        write_file_atomically(file, now.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
    return now;
}

/// What the report was made from.
Digest mark_of(const json& provenance, const ReportOptions& options)
{
    return Hasher()
        .text(timeless(provenance))
        .number(static_cast<int>(options.movie))
        .number(options.burn_in)
        .number(options.before_after)
        .result();
}

bool wants_movie(const ReportOptions& options, std::size_t there, std::size_t all)
{
    switch (options.movie) {
    case ReportOptions::Movie::when_complete: return there == all && there > 1;
    case ReportOptions::Movie::of_all_there: return there > 1;
    case ReportOptions::Movie::none: break;
    }
    return false;
}

}  // namespace

ReportFiles report_files(const Plan& plan)
{
    const fs::path base = base_of(plan);
    return {with_ending(base, ".report.html"), with_ending(base, ".sheet.png"), with_ending(base, ".preview.mp4"),
            with_ending(base, ".provenance.json"), with_ending(base, ".disclosure.html")};
}

void write_provenance(const Plan& plan, Fingerprints& fingerprints)
{
    update_provenance(plan, fingerprints);
}

bool write_report(const Plan& plan, Fingerprints& fingerprints, const ReportOptions& options, const ReportProgress& progress)
{
    const ReportFiles files = report_files(plan);
    progress("noting how it was made");
    const json made = update_provenance(plan, fingerprints);
    const std::vector<int> there = frames_there(made);
    if (there.empty())
        return false;
    const Digest mark = mark_of(made, options);
    std::error_code none;
    if (fs::exists(files.page, none) && fs::exists(files.sheet, none) && page_mark(read_text_file(files.page)) == mark.hex())
        return true;

    give_back_memory();   // a render may have been allowed no more than it took
    const Reviewer reviewer(plan, fingerprints);
    ReviewPictures pictures;
    progress("drawing the contact sheet");
    const DisplayPicture sheet = reviewer.sheet(there);
    write_png(files.sheet, sheet);
    pictures.sheet = encode_jpeg(sheet);
    for (const int frame : frames_to_review(plan, there))
        pictures.stills.push_back(reviewer.still(frame));
    if (wants_movie(options, there.size(), plan.shot.info.frames.size())) {
        progress("writing the preview movie");
        write_movie(files.movie, static_cast<int>(there.size()), frames_at_once(plan.shot.info.plate_display), plan.shot.info.fps,
                    [&](int i) { return reviewer.picture(there[static_cast<std::size_t>(i)], options); }, mark);
        pictures.movie = read_bytes(files.movie);
    }
    progress("writing the report");
    write_file_atomically(files.page, report_page(made, pictures, mark.hex()));
    return true;
}

void write_disclosure(const Plan& plan, Fingerprints& fingerprints)
{
    write_file_atomically(report_files(plan).disclosure, disclosure_page(update_provenance(plan, fingerprints)));
}

}  // namespace platefall
