/// A first manifest for a plate found on disk: `platefall init PLATE`.
#pragma once

#include "image/colour.h"
#include "shot/sequence_path.h"

#include <filesystem>
#include <string>

namespace platefall {

/// The sequence that a user means by a path: a pattern, any one of its frames, or a folder that holds exactly
/// one sequence of images. Throws Error: nothing there, no image, several sequences (which are listed).
SequencePath find_plate(const std::filesystem::path& path);

/// A name for the shot from the name of the plate: "street" for "plate/street.####.exr". Only what [shot]
/// name allows.
std::string shot_name_for(const SequencePath& plate);

/// A commented manifest that read_shot() takes without a fault, with paths relative to `folder`, where it is
/// going to be, or absolute where the two have no folder in common. Frames, frame rate, size, channels and
/// colour space come from the plate. What the plate does not say, or not clearly, is a default with a comment
/// that asks to check it. Throws Error when the first frame cannot be read.
std::string slate_for_plate(const SequencePath& plate, const std::filesystem::path& folder,
                            const ColourSpaces& colours);

}  // namespace platefall
