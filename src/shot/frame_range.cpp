#include "shot/frame_range.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace platefall {
namespace {

constexpr std::size_t kMostFrames = 1'000'000;

/// Reads one text from left to right; every refusal quotes the whole of it.
class RangeParser {
public:
    explicit RangeParser(const std::string& text) : text_(text), rest_(text) {}

    std::vector<int> frames()
    {
        if (text_.find(':') != std::string::npos)
            refuse("':' means a step in some programs and a range in others; write A-B for a range and A-BxN "
                   "for every Nth frame of it");
        do {
            part();
        } while (take(','));
        if (!rest_.empty())
            refuse(fmt::format("'{}' is not understood; write frames as 1001, 1001-1100, 1001-1100x12, with "
                               "commas between them", rest_));
        keep_each_once();
        return std::move(frames_);
    }

private:
    /// A, A-B or A-BxN.
    void part()
    {
        skip_spaces();
        const std::int64_t first = number("a frame number");
        std::int64_t last = first, step = 1;
        if (take('-')) {
            last = number("a last frame after the '-'");
            if (take('x') && (step = number("a step after the 'x'")) < 1)
                refuse(fmt::format("the step must be at least 1 (is {})", step));
        }
        skip_spaces();
        if (last < first)
            refuse(fmt::format("last frame {} comes before first frame {}; write {}-{}", last, first, last, first));
        if (static_cast<std::size_t>((last - first) / step) >= kMostFrames)
            refuse_size();
        for (std::int64_t frame = first; frame <= last; frame += step)
            frames_.push_back(static_cast<int>(frame));
        if (frames_.size() > kMostFrames)
            keep_each_once();
    }

    int number(const std::string& what)
    {
        int value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        const std::string_view digits = rest_.substr(0, static_cast<std::size_t>(end - rest_.data()));
        if (error == std::errc::result_out_of_range)
            refuse(fmt::format("{} is too large", digits));
        if (error != std::errc())
            refuse(rest_.empty() ? fmt::format("{} is missing at the end", what)
                                 : fmt::format("{} is missing before '{}'", what, rest_));
        rest_.remove_prefix(digits.size());
        return value;
    }

    bool take(char c)
    {
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skip_spaces()
    {
        while (take(' ') || take('\t')) {
        }
    }

    void keep_each_once()
    {
        std::sort(frames_.begin(), frames_.end());
        frames_.erase(std::unique(frames_.begin(), frames_.end()), frames_.end());
        if (frames_.size() > kMostFrames)
            refuse_size();
    }

    [[noreturn]] void refuse_size() const
    {
        refuse(fmt::format("these are more than {} frames", kMostFrames));
    }

    [[noreturn]] void refuse(const std::string& reason) const
    {
        throw Error(fmt::format("frame range '{}': {}", text_, reason));
    }

    const std::string& text_;
    std::string_view rest_;
    std::vector<int> frames_;
};

std::int64_t step_after(const std::vector<int>& frames, std::size_t index)
{
    return static_cast<std::int64_t>(frames[index + 1]) - frames[index];
}

/// How many frames from `start` on have the same distance as the first two.
std::size_t run_length(const std::vector<int>& frames, std::size_t start)
{
    std::size_t end = start + 1;
    while (end < frames.size() && step_after(frames, end - 1) == step_after(frames, start))
        ++end;
    return end - start;
}

}  // namespace

std::vector<int> parse_frame_range(const std::string& text)
{
    return RangeParser(text).frames();
}

std::string format_frame_range(const std::vector<int>& frames)
{
    std::string text;
    for (std::size_t i = 0; i < frames.size();) {
        std::size_t length = run_length(frames, i);
        const std::int64_t step = length > 1 ? step_after(frames, i) : 1;
        if (step > 1 && length < 3)
            length = 1;  // "1,5" rather than "1-5x4"

        text += text.empty() ? "" : ",";
        text += fmt::format("{}", frames[i]);
        if (length > 1)
            text += fmt::format("-{}", frames[i + length - 1]);
        if (length > 1 && step > 1)
            text += fmt::format("x{}", step);
        i += length;
    }
    return text.empty() ? "none" : text;
}

std::vector<int> spread_frames(const std::vector<int>& frames, std::size_t most)
{
    if (frames.size() <= most)
        return frames;
    std::vector<int> some;
    for (std::size_t i = 0; i < most; ++i)
        some.push_back(frames[i * (frames.size() - 1) / (most - 1)]);
    return some;
}

}  // namespace platefall
