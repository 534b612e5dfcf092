#include "scene/chips.h"

#include "scene/packed_file.h"

namespace platefall {
namespace {

constexpr std::string_view kChips = "platefall chips 1";
constexpr std::string_view kFrame = "platefall chips frame 1";

}  // namespace

void save_chips(const Chips& chips, const std::filesystem::path& path)
{
    PackedWriter file;
    file.put(chips);
    file.save(path, kChips);
}

Chips load_chips(const std::filesystem::path& path)
{
    return PackedReader(path, kChips).get_all<Chip>();
}

void save_chips_frame(const ChipsFrame& frame, const std::filesystem::path& path)
{
    PackedWriter file;
    file.put(frame);
    file.save(path, kFrame);
}

ChipsFrame load_chips_frame(const std::filesystem::path& path)
{
    return PackedReader(path, kFrame).get_all<DebrisPose>();
}

}  // namespace platefall
