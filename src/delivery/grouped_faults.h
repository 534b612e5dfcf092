/// One line for a fault that many frames have.
#pragma once

#include <platefall/error.h>

#include <map>
#include <string>
#include <vector>

namespace platefall::delivery {

/// Faults of frames, added in the order of the frames.
class GroupedFaults {
public:
    /// `what` is what frames have in common, `detail` what is said of the first one only.
    void add(int frame, const std::string& what, const std::string& detail = {});

    bool empty() const noexcept { return order_.empty(); }

    /// "SUBJECT frames 1001-1072: WHAT (frame 1001: DETAIL)", in the order in which they were found.
    void add_to(Faults& faults, const std::string& subject) const;

private:
    struct Group {
        std::vector<int> frames;
        std::string detail;
    };
    std::map<std::string, Group> groups_;
    std::vector<std::string> order_;
};

}  // namespace platefall::delivery
