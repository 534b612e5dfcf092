#include "shot/sequence_path.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace platefall {
namespace {

namespace fs = std::filesystem;

constexpr int kMostDigits = 9;  // what an int holds

bool is_digit(char c)
{
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

struct Field {
    std::size_t begin = 0, end = 0;
    int digits = 0;
};

/// "####", "%04d" or "%d" that begins at `start`. A '%' that begins none of these has no digits.
Field field_at(const std::string& name, std::size_t start)
{
    std::size_t end = start + 1;
    if (name[start] == '#') {
        end = std::min(name.find_first_not_of('#', start), name.size());
        return {start, end, static_cast<int>(end - start)};
    }
    int digits = 1;
    if (end < name.size() && name[end] == '0') {
        const auto [after, error] = std::from_chars(name.data() + end + 1, name.data() + name.size(), digits);
        if (error != std::errc() || digits < 1)
            return {start, end, 0};
        end = static_cast<std::size_t>(after - name.data());
    }
    const bool complete = end < name.size() && name[end] == 'd';
    return {start, end + 1, complete ? digits : 0};
}

/// The first frame field from `start` on.
std::optional<Field> find_field(const std::string& name, std::size_t start)
{
    for (std::size_t i = name.find_first_of("#%", start); i != std::string::npos; i = name.find_first_of("#%", i + 1))
        if (const Field field = field_at(name, i); field.digits > 0)
            return field;
    return std::nullopt;
}

std::string frame_digits(int frame, int digits)
{
    const std::int64_t value = frame;
    return fmt::format("{}{:0{}}", value < 0 ? "-" : "", value < 0 ? -value : value, digits);
}

std::vector<fs::path> names_in(const fs::path& folder)
{
    std::error_code reason;
    std::vector<fs::path> names;
    for (fs::directory_iterator i(folder, reason), end; !reason && i != end; i.increment(reason))
        names.push_back(i->path().filename());
    if (reason && reason != std::errc::no_such_file_or_directory && reason != std::errc::not_a_directory)
        throw Error(fmt::format("cannot list '{}': {}", folder.string(), reason.message()));
    return names;
}

}  // namespace

SequencePath::SequencePath(const fs::path& pattern) : pattern_(pattern)
{
    const std::string name = pattern.filename().string();
    const auto refuse = [&](const std::string& reason) {
        throw Error(fmt::format("'{}': {}", pattern.string(), reason));
    };
    if (pattern.empty())
        throw Error("the path is empty; write a file or a sequence such as plate/street.####.exr");
    if (name.empty() || name == "." || name == "..")
        refuse("this is a folder; write a file or a sequence such as street.####.exr");
    for (const fs::path& folder : pattern.parent_path())
        if (find_field(folder.string(), 0))
            refuse(fmt::format("the folder '{}' has a frame number; only the file's name may have one",
                               folder.string()));

    before_ = name;
    const auto field = find_field(name, 0);
    const std::string outside = field ? name.substr(0, field->begin) + name.substr(field->end) : name;
    if (field && find_field(outside, 0))
        refuse("there are two frame numbers; only one may be");
    if (outside.find('%') != std::string::npos)
        refuse("'%' begins no frame number; write it as #### or %04d");
    if (!field)
        return;
    if (field->digits > kMostDigits)
        refuse(fmt::format("a frame number has at most {} digits", kMostDigits));
    before_ = name.substr(0, field->begin);
    after_ = name.substr(field->end);
    digits_ = field->digits;
}

fs::path SequencePath::at(int frame) const
{
    if (is_still())
        return pattern_;
    return pattern_.parent_path() / (before_ + frame_digits(frame, digits_) + after_);
}

std::vector<int> SequencePath::find_frames() const
{
    std::vector<int> frames;
    if (is_still())
        return frames;
    const fs::path folder = pattern_.parent_path();
    for (const fs::path& file : names_in(folder.empty() ? "." : folder)) {
        const std::string name = file.string();
        if (name.size() <= before_.size() + after_.size() || !name.starts_with(before_) || !name.ends_with(after_))
            continue;
        int frame = 0;
        std::from_chars(name.data() + before_.size(), name.data() + name.size() - after_.size(), frame);
        // The way back tells too few digits, needless zeros and everything else that is no frame of ours.
        if (at(frame).filename() == file)
            frames.push_back(frame);
    }
    std::sort(frames.begin(), frames.end());
    return frames;
}

SequencePath SequencePath::around(const fs::path& file)
{
    const std::string name = file.filename().string();
    if (find_field(name, 0))
        return SequencePath(file);

    // Digits of the extension, as in .jp2, are no frame number.
    std::size_t end = file.stem().string().size();
    while (end > 0 && !is_digit(name[end - 1]))
        --end;
    std::size_t begin = end;
    while (begin > 0 && is_digit(name[begin - 1]))
        --begin;
    const std::size_t digits = end - begin;
    if (digits == 0 || digits > kMostDigits)
        return SequencePath(file);
    // "street.-0005.exr" has a sign, "street-0005.exr" a separator.
    if (begin > 0 && name[begin - 1] == '-' && (begin == 1 || name[begin - 2] == '.' || name[begin - 2] == '_'))
        --begin;
    return SequencePath(file.parent_path() / (name.substr(0, begin) + std::string(digits, '#') + name.substr(end)));
}

}  // namespace platefall
