#include "compare/picture_pairs.h"

#include "compare/pattern.h"
#include "shot/frame_range.h"
#include "shot/sequence_path.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

namespace platefall::compare {
namespace {

namespace fs = std::filesystem;

enum class Kind { file, sequence, folder };

/// What is not there yet is what the other one is.
std::optional<Kind> kind_of(const fs::path& path)
{
    if (fs::is_directory(path))
        return Kind::folder;
    if (fs::exists(path))
        return Kind::file;
    if (path.has_filename() && !SequencePath(path).is_still())
        return Kind::sequence;
    return std::nullopt;
}

std::string describe(Kind kind)
{
    switch (kind) {
    case Kind::file: return "a file";
    case Kind::sequence: return "a sequence";
    case Kind::folder: return "a folder";
    }
    return {};
}

bool is_picture(const fs::path& path)
{
    constexpr std::array kExtensions{".exr", ".dpx", ".tif", ".tiff", ".png", ".jpg", ".jpeg"};
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

/// Paths below the folder, without what is hidden: notes about failed frames, files that are being written.
std::set<std::string> pictures_below(const fs::path& folder)
{
    std::set<std::string> names;
    if (!fs::exists(folder))
        return names;
    for (fs::recursive_directory_iterator i(folder), end; i != end; ++i) {
        const bool hidden = i->path().filename().string().starts_with('.');
        if (hidden && i->is_directory())
            i.disable_recursion_pending();
        else if (!hidden && i->is_regular_file() && is_picture(i->path()))
            names.insert(i->path().lexically_relative(folder).generic_string());
    }
    return names;
}

[[noreturn]] void has_no_pictures(const fs::path& path, Kind kind, bool is_reference)
{
    const std::string what = kind == Kind::folder     ? "there is no picture below"
                             : kind == Kind::sequence ? "there is no frame of"
                                                      : "there is no file";
    throw Error(fmt::format("{} '{}'{}", what, path.string(),
                            is_reference ? "; --update makes the reference" : "; is it rendered, and is the path right?"));
}

std::vector<PicturePair> pair_sequences(const fs::path& a, const fs::path& b, const std::string& wanted)
{
    const SequencePath sequence_a(a), sequence_b(b);
    if (sequence_a.is_still() || sequence_b.is_still())
        throw Error(fmt::format("'{}' has no frame number; a sequence is compared with a sequence",
                                (sequence_a.is_still() ? a : b).string()));
    const std::vector<int> frames_a = sequence_a.find_frames(), frames_b = sequence_b.find_frames();
    std::set<int> frames(frames_a.begin(), frames_a.end());
    frames.insert(frames_b.begin(), frames_b.end());
    if (!wanted.empty()) {
        const std::vector<int> range = parse_frame_range(wanted);
        frames = {range.begin(), range.end()};
    }
    std::vector<PicturePair> pairs;
    for (const int frame : frames)
        pairs.push_back({.name = sequence_b.at(frame).filename().string(),
                         .a = sequence_a.at(frame),
                         .b = sequence_b.at(frame),
                         .has_a = std::binary_search(frames_a.begin(), frames_a.end(), frame),
                         .has_b = std::binary_search(frames_b.begin(), frames_b.end(), frame)});
    return pairs;
}

std::vector<PicturePair> pair_folders(const fs::path& a, const fs::path& b, const std::vector<std::string>& exclude)
{
    const std::set<std::string> names_a = pictures_below(a), names_b = pictures_below(b);
    std::set<std::string> names = names_a;
    names.insert(names_b.begin(), names_b.end());
    std::erase_if(names, [&](const std::string& name) { return matches_any(exclude, name); });
    std::vector<PicturePair> pairs;
    for (const std::string& name : names)
        pairs.push_back(
            {.name = name, .a = a / name, .b = b / name, .has_a = names_a.contains(name), .has_b = names_b.contains(name)});
    return pairs;
}

}  // namespace

std::vector<PicturePair> pair_pictures(const fs::path& a, const fs::path& b, const PairChoice& choice)
{
    const std::optional<Kind> kind_a = kind_of(a), kind_b = kind_of(b);
    const Kind kind = kind_b.value_or(kind_a.value_or(Kind::file));
    if (kind_a && *kind_a != kind)
        throw Error(fmt::format("'{}' is {} and '{}' is {}; compare two of a kind", a.string(), describe(*kind_a), b.string(),
                                describe(kind)));
    if (a.lexically_normal() == b.lexically_normal() || (fs::exists(a) && fs::exists(b) && fs::equivalent(a, b)))
        throw Error(fmt::format("'{}' is compared with itself, which finds nothing; name the reference first, then what is new",
                                a.string()));
    if (!choice.frames.empty() && kind != Kind::sequence)
        throw Error(fmt::format("--frames '{}': only sequences such as 'out/street.####.exr' have frames; '{}' is {}", choice.frames,
                                b.string(), describe(kind)));

    std::vector<PicturePair> pairs;
    switch (kind) {
    case Kind::file: pairs = {{b.filename().string(), a, b, fs::exists(a), fs::exists(b)}}; break;
    case Kind::sequence: pairs = pair_sequences(a, b, choice.frames); break;
    case Kind::folder: pairs = pair_folders(a, b, choice.exclude); break;
    }
    if (std::none_of(pairs.begin(), pairs.end(), [](const PicturePair& pair) { return pair.has_b; }))
        has_no_pictures(b, kind, false);
    if (!choice.may_lack_a && std::none_of(pairs.begin(), pairs.end(), [](const PicturePair& pair) { return pair.has_a; }))
        has_no_pictures(a, kind, true);
    return pairs;
}

}  // namespace platefall::compare
