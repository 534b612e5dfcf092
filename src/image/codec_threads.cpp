#include "image/codec_threads.h"

#include <OpenImageIO/imageio.h>

namespace platefall {

void set_codec_threads(int threads)
{
    // For OpenEXR -1 means no pool at all; a pool of one would only hand the work over.
    OIIO::attribute("threads", threads);
    OIIO::attribute("exr_threads", threads > 1 ? threads : -1);
}

}  // namespace platefall
