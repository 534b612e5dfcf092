#include "matte/matte_algebra.h"

#include "image/windows.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace platefall::matte {
namespace {

float combined(float a, float b, MatteOperation operation)
{
    switch (operation) {
    case MatteOperation::unite:
        return std::max(a, b);
    case MatteOperation::intersect:
        return std::min(a, b);
    case MatteOperation::subtract:
        return std::max(0.0f, a - b);
    case MatteOperation::differ:
        return std::abs(a - b);
    }
    throw std::logic_error("not a matte operation");
}

bool reaches_outside(MatteOperation operation)
{
    return operation == MatteOperation::unite || operation == MatteOperation::differ;
}

} // namespace

const std::vector<std::string>& matte_operations()
{
    static const std::vector<std::string> names{"union", "intersect", "subtract", "xor"};
    return names;
}

MatteOperation parse_matte_operation(const std::string& name)
{
    const auto& names = matte_operations();
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        throw std::logic_error("'" + name + "' is not a matte operation");
    return static_cast<MatteOperation>(found - names.begin());
}

Image combine(Image a, const Image& b, MatteOperation operation, float opacity)
{
    const Window window =
        reaches_outside(operation) ? unite(a.data_window(), b.data_window()) : a.data_window();
    if (window.empty())
        return a;
    Image result = with_data_window(std::move(a), window);
    const Image other = with_data_window(b, window);
    for (std::size_t i = 0; i < result.sample_count(); ++i) {
        const float alone = result.data()[i];
        const float both = combined(alone, other.data()[i], operation);
        result.data()[i] = opacity == 1.0f ? both : alone + opacity * (both - alone);
    }
    return result;
}

} // namespace platefall::matte
