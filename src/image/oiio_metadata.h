/// Between OpenImageIO's metadata and ours. Private to this folder: no other header names an OIIO type.
#pragma once

#include <platefall/attributes.h>

#include <OpenImageIO/imageio.h>

namespace platefall {

/// Everything the header says of the picture, in file order. Left out: what OIIO adds of its own, and entries
/// that no Attribute can hold (pointers, 64-bit integers, blobs).
Attributes attributes_from_spec(const OIIO::ImageSpec& spec, bool is_exr);

/// Adds the attributes to a spec that is about to be written as EXR, less those that describe the file they
/// were read from. OIIO must not add anything of its own either, so that equal images become equal files.
void add_attributes(OIIO::ImageSpec& spec, const Attributes& attributes);

/// Debian builds OIIO with its debug messages on; they would mix with ours on stderr.
void stop_oiio_debug_messages();

}  // namespace platefall
