#include "delivery/grouped_faults.h"

#include "shot/frame_range.h"

#include <fmt/format.h>

namespace platefall::delivery {

void GroupedFaults::add(int frame, const std::string& what, const std::string& detail)
{
    const auto [group, is_new] = groups_.try_emplace(what);
    if (is_new) {
        order_.push_back(what);
        group->second.detail = detail;
    }
    group->second.frames.push_back(frame);
}

void GroupedFaults::add_to(Faults& faults, const std::string& subject) const
{
    for (const std::string& what : order_) {
        const Group& group = groups_.at(what);
        const std::string detail =
            group.detail.empty() ? "" : fmt::format(" (frame {}: {})", group.frames.front(), group.detail);
        faults.add(fmt::format("{} {} {}: {}{}", subject, group.frames.size() == 1 ? "frame" : "frames",
                               format_frame_range(group.frames), what, detail));
    }
}

}  // namespace platefall::delivery
