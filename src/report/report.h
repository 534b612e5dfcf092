/// What a render leaves for people beside its frames: a page to review the shot with, a contact sheet, a movie, and the record
/// of how everything was made.
#pragma once

#include "pipeline/plan.h"

#include <filesystem>
#include <functional>

namespace platefall {

class Fingerprints;

/// Their places: beside the frames, called as they are without frame number.
struct ReportFiles {
    std::filesystem::path page;         ///< out/street.report.html
    std::filesystem::path sheet;        ///< out/street.sheet.png
    std::filesystem::path movie;        ///< out/street.preview.mp4
    std::filesystem::path provenance;   ///< out/street.provenance.json
    std::filesystem::path disclosure;   ///< out/street.disclosure.html
};
ReportFiles report_files(const Plan& plan);

struct ReportOptions {
    enum class Movie {
        when_complete,   ///< only if every frame of the shot is there
        of_all_there,    ///< of the frames that are there
        none,
    };
    Movie movie = Movie::when_complete;
    bool burn_in = true;        ///< shot, version and frame in the movie's corners
    bool before_after = false;  ///< the movie shows plate and result side by side
};

using ReportProgress = std::function<void(const std::string& doing)>;

/// The provenance file alone, of all frames that are there. Stages need not have been prepared, but their keys are known.
void write_provenance(const Plan& plan, Fingerprints& fingerprints);

/// All of it; what is up to date is left as it is. Returns whether there was anything to show: without a single frame only the
/// provenance is written. Throws Error: a frame cannot be read, no ffmpeg, the disk is full. Throws Interrupted.
bool write_report(const Plan& plan, Fingerprints& fingerprints, const ReportOptions& options, const ReportProgress& progress);

/// The readable page of how the shot was made, with the questions that studios ask. Writes the provenance too.
void write_disclosure(const Plan& plan, Fingerprints& fingerprints);

}  // namespace platefall
