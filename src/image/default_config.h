/// The OCIO config that is used unless the manifest or $OCIO names one.
#pragma once

namespace platefall {

/// OCIO 2.1 text. Debian's OpenColorIO has the builtin transforms, but no builtin configs.
const char* default_ocio_config();

}  // namespace platefall
