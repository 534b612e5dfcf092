/// A delivery profile: what a client asks of the files, as data. A TOML file with a checked grammar.
#pragma once

#include "shot/shot.h"

#include <string>
#include <vector>

namespace platefall::delivery {

/// The sections of a profile with their parameters, as profile_sections() declares them.
struct Profile {
    std::string name;   ///< "netflix-vfx", or the path of its file
    Params about, files, names, picture, colour, channels, values, metadata;
};

/// [profile] [files] [names] [picture] [colour] [channels] [values] [metadata]. All but the first may be left out.
const std::vector<ManifestSection>& profile_sections();

/// Those that platefall brings along.
std::vector<std::string> built_in_profiles();

/// One of them by its name, or a file: what ends in ".toml" or has a '/' in it. Throws Error with every fault of it.
Profile read_profile(const std::string& name_or_file);

/// From text; `file` is for messages.
Profile parse_profile(const std::string& text, const std::string& file);

/// What names are tried against: `names.pattern` with its {part}s put in.
std::string pattern_of_names(const Profile& profile);

}  // namespace platefall::delivery
