#include "scene/curves.h"

#include "base/files.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

TEST(SceneCurves, ComeBackAsTheyWereSaved)
{
    const test::TempFolder folder;
    const std::vector<Curve> curves{{"pieces moving", "", 1009, {0, 3, 7.25}}, {"dust in the air", "kg", 1009, {}}};
    save_curves(curves, folder.path);
    EXPECT_EQ(load_curves(folder.path), curves);
}

TEST(SceneCurves, ASimulationThatSavedNoneHasNone)
{
    const test::TempFolder folder;
    EXPECT_TRUE(load_curves(folder.path).empty());
}

TEST(SceneCurves, ADamagedFileIsRefusedAndNamed)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "curves.json", std::string_view("[{\"name\": 3"));
    EXPECT_THAT(test::error_of([&] { load_curves(folder.path); }),
                testing::AllOf(testing::HasSubstr("curves.json' is damaged: "), testing::HasSubstr(folder.path.string())));
}

}  // namespace
}  // namespace platefall
