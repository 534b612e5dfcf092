#include "compare/rebaseline.h"

#include "base/files.h"

#include <platefall/error.h>

#include <fmt/format.h>

namespace platefall::compare {
namespace {

void check(const PictureComparison& picture, Faults& faults)
{
    if (picture.pair.has_b && !picture.b_is_good)
        faults.add(fmt::format("{}; a reference is not made from it, and none was changed", picture.error));
    else if (picture.pair.a.extension() != picture.pair.b.extension())
        faults.add(fmt::format("'{}' cannot become '{}', which is of another format; none was changed", picture.pair.b.string(),
                               picture.pair.a.string()));
}

}  // namespace

Rebaselined rebaseline(const Comparison& comparison)
{
    Faults faults;
    for (const PictureComparison& picture : comparison.pictures)
        check(picture, faults);
    faults.throw_if_any();

    Rebaselined done;
    for (const PictureComparison& picture : comparison.pictures) {
        if (picture.outcome == Outcome::same)
            continue;
        if (!picture.pair.has_b) {
            ++done.left;
            continue;
        }
        write_file_atomically(picture.pair.a, read_text_file(picture.pair.b));
        ++(picture.pair.has_a ? done.replaced : done.added);
    }
    return done;
}

}  // namespace platefall::compare
