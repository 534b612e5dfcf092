#include "cleanplate/fill/labelling.h"

#include <gmock/gmock.h>

#include <numeric>

namespace platefall::cleanplate {
namespace {

/// A row of cells, where cell i wants label wanted[i] with a strength of 1.
LabelCosts row_of(const std::vector<int>& wanted, int labels, float seam)
{
    LabelCosts costs;
    costs.width = static_cast<int>(wanted.size());
    costs.height = 1;
    costs.labels = labels;
    costs.cells.resize(wanted.size());
    std::iota(costs.cells.begin(), costs.cells.end(), 0);
    costs.data = [wanted](int cell, int label) { return wanted[static_cast<std::size_t>(cell)] == label ? 0.0f : 1.0f; };
    costs.seam = [seam](int, int, int, int) { return seam; };
    return costs;
}

TEST(CleanplateLabelling, FreeSeamsLeaveEveryCellWhatItWants)
{
    EXPECT_THAT(choose_labels(row_of({0, 2, 1, 1, 0}, 3, 0.0f)), testing::ElementsAre(0, 2, 1, 1, 0));
}

TEST(CleanplateLabelling, DearSeamsOutvoteALonelyCell)
{
    EXPECT_THAT(choose_labels(row_of({0, 0, 1, 0, 0, 2, 2, 2, 2}, 3, 0.7f)),
                testing::ElementsAre(0, 0, 0, 0, 0, 2, 2, 2, 2));
}

TEST(CleanplateLabelling, TheSeamRunsWhereItIsCheapest)
{
    LabelCosts costs = row_of({0, 0, 0, 1, 1, 1}, 2, 1.0f);
    costs.seam = [](int cell, int neighbour, int, int) { return cell + neighbour == 3 ? 0.1f : 5.0f; };
    EXPECT_THAT(choose_labels(costs), testing::ElementsAre(0, 0, 1, 1, 1, 1));
}

TEST(CleanplateLabelling, AForbiddenLabelIsNeverTaken)
{
    LabelCosts costs = row_of({1, 1, 1, 1, 1}, 2, 3.0f);
    costs.data = [](int cell, int label) { return cell == 2 && label == 1 ? kForbidden : label == 1 ? 0.0f : 1.0f; };
    EXPECT_EQ(choose_labels(costs)[2], 0);
}

TEST(CleanplateLabelling, CellsThatTakeNoPartHaveNoLabel)
{
    LabelCosts costs = row_of({0, 1, 0}, 2, 0.1f);
    costs.cells = {0, 2};
    EXPECT_THAT(choose_labels(costs), testing::ElementsAre(0, -1, 0));
}

}  // namespace
}  // namespace platefall::cleanplate
