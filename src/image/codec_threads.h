/// How many threads the image codecs may use.
#pragma once

namespace platefall {

/// For the whole process. 1: every reader and writer works in its caller's thread alone.
void set_codec_threads(int threads);

}  // namespace platefall
