#include "scene/chips.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

namespace platefall {
namespace {

using test::TempFolder;

const Chips kChips{{.size_m = 0.02f, .element = 7, .born = 1, .seed = 99},
                   {.size_m = 0.25f, .element = 0, .born = 3, .seed = 0xffffffff}};
const ChipsFrame kFlying{
    {.centre = {1, 2, 3}, .turn = {0.6f, 0, 0.8f, 0}, .velocity = {0, -9, 0}, .spin = {1, 2, 3}}};

TEST(SceneChips, ComeBackAsTheyWereSaved)
{
    const TempFolder folder;
    save_chips(kChips, folder / "chips");
    EXPECT_EQ(load_chips(folder / "chips"), kChips);
    save_chips_frame(kFlying, folder / "1001");
    EXPECT_EQ(load_chips_frame(folder / "1001"), kFlying);
}

TEST(SceneChips, NoneIsAFileToo)
{
    const TempFolder folder;
    save_chips({}, folder / "chips");
    save_chips_frame({}, folder / "1001");
    EXPECT_TRUE(load_chips(folder / "chips").empty());
    EXPECT_TRUE(load_chips_frame(folder / "1001").empty());
}

TEST(SceneChips, ADamagedFileAndOneOfAnotherKindAreRefused)
{
    const TempFolder folder;
    save_chips(kChips, folder / "chips");
    EXPECT_THROW(load_chips_frame(folder / "chips"), Error);
    std::string content = read_text_file(folder / "chips");
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x10);
    write_file_atomically(folder / "chips", content);
    EXPECT_THROW(load_chips(folder / "chips"), Error);
}

}  // namespace
}  // namespace platefall
