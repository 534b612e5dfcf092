#include "delivery/name_rules.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <regex>

namespace platefall::delivery {

void check_names(const SequencePath& path, const Profile& profile, const std::string& subject, Faults& faults)
{
    const Params& rules = profile.names;
    const std::string file = path.pattern().filename().string();
    const auto refuse = [&](const std::string& why) { faults.add(fmt::format("{}: the name '{}' {}", subject, file, why)); };

    const std::string& separator = rules.text("separator");
    std::string name = path.before();
    if (!separator.empty() && !name.ends_with(separator))
        refuse(fmt::format("must have '{0}' in front of the frame number, as in 'name{0}####.exr'", separator));
    else
        name.erase(name.size() - separator.size());
    if (separator.empty() && name.find_last_of("._-") + 1 == name.size() && !name.empty())
        name.pop_back();

    const std::string& example = rules.text("example");
    if (!rules.text("pattern").empty() && !std::regex_match(name, std::regex(pattern_of_names(profile))))
        refuse(fmt::format("does not follow '{}'{}", rules.text("pattern"),
                           example.empty() ? "" : fmt::format("; a good one is '{}{}####.exr'", example, separator)));

    if (const auto digits = rules.integer("digits"); path.digits() < digits)
        refuse(fmt::format("pads the frame number to {} {}, but {} are asked for; write {}", path.digits(),
                           path.digits() == 1 ? "digit" : "digits", digits, std::string(digits, '#')));
    if (path.after() != ".exr")
        refuse("must end in '.exr' behind the frame number");
    if (const auto longest = rules.integer("longest"); static_cast<std::int64_t>(file.size()) > longest)
        refuse(fmt::format("has {} characters, but {} are the most", file.size(), longest));
}

}  // namespace platefall::delivery
