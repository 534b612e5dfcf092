/// Which of EXR's compressions give back what was stored, by channel.
#pragma once

#include <platefall/image.h>

#include <string>
#include <vector>

namespace platefall {

/// Whether every bit of the channel comes back. OpenEXR 3.1: pxr24 rounds floats to 24 bits; b44 and b44a pack halves only;
/// dwaa and dwab lose what they take for colours, halves or floats whose name behind the last dot is R, G, B, Y, RY or BY
/// in upper case, and keep the rest. All others keep everything.
bool is_kept(const Channel& channel, const std::string& compression);

/// The compression for a file with these channels: `wanted`, unless it would change data, or there is nothing but data for
/// it to work on; then "zip".
std::string compression_for(const std::vector<Channel>& channels, const std::string& wanted);

}  // namespace platefall
