/// What is varied in a wedge, and the variants that come of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace platefall::wedge {

/// A key, named as for `--set`, and the values that it takes, each written as for `--set`.
struct Variation {
    std::string key;
    std::vector<std::string> values;
    bool operator==(const Variation&) const = default;
};

/// "collapse.seed=1..6": KEY=VALUES, with VALUES a comma list of values as `--set` takes them, of ranges `1..6` (whole numbers,
/// both ends) and of `0.2..0.6/5` (that many numbers, evenly spaced, both ends). Commas within quotes and brackets do not count.
///
/// Throws Error: another form, no value, one that is there twice, a key that cannot differ within a wedge.
Variation parse_variation(const std::string& text);

/// One choice: a value for each variation, in their order.
struct Variant {
    int number = 0;   ///< from 1
    std::vector<std::string> values;
};

/// All combinations; the last variation changes fastest. Throws Error for a key that is varied twice, and for more than `limit`
/// variants.
std::vector<Variant> all_variants(const std::vector<Variation>& variations, std::size_t limit);

/// "seed 2, strength 0.4"; whole keys where two would be called the same.
std::string label(const std::vector<Variation>& variations, const std::vector<std::string>& values);

}  // namespace platefall::wedge
