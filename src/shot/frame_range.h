/// Frame ranges as people and farms write them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace platefall {

/// "1001-1100", "1001-1100x12" (every twelfth), "1001,1005-1010", "-5--2", in any order. Returns ascending
/// frames, each once. Throws Error quoting the text and saying what is wrong; ':' is refused with the reason
/// (it means a step in some programs and a range in others); more than a million frames are refused.
std::vector<int> parse_frame_range(const std::string& text);

/// The shortest such text: "1001-1004,1010-1070x12". "none" for no frames. `frames` ascending.
std::string format_frame_range(const std::vector<int>& frames);

/// At most `most` of them, which is 2 or more: evenly spread, the first and the last among them.
std::vector<int> spread_frames(const std::vector<int>& frames, std::size_t most);

}  // namespace platefall
