/// A movie to look at, encoded by ffmpeg.
#pragma once

#include "base/hash.h"
#include "image/colour.h"
#include "image/display_picture.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace platefall {

/// How many frames of this size may be in memory at once, so that looking at a shot takes no more than a render may.
int frames_at_once(const Window& size);

/// `count` pictures, in order, as H.264; `picture_of` is called for `at_once` of them at a time, and all have the size of the first, made even
/// by a border of one pixel where it is odd. Written to a temporary name and renamed. `mark` is kept in the file's comment.
/// Throws Error: ffmpeg is not there or fails; and what `picture_of` throws. Throws Interrupted between frames.
void write_movie(const std::filesystem::path& movie, int count, int at_once, double fps,
                 const std::function<DisplayPicture(int index)>& picture_of, const Digest& mark);

/// Finished frames, in order, as H.264 through the colour configuration's default display and view, as above.
/// `colorspace` is that of the files. All frames get the size of the first one's display window.
void write_movie(const std::filesystem::path& movie, const std::vector<std::filesystem::path>& frames, double fps,
                 const ColourSpaces& colours, const std::string& colorspace, const Digest& mark);

/// The mark of a movie on disk as hex digits; "" when there is none, or platefall did not write it.
std::string movie_mark(const std::filesystem::path& movie);

}  // namespace platefall
