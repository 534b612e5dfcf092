#include "cache/store.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

namespace platefall {
namespace {

namespace fs = std::filesystem;

const Digest kKey = Hasher().text("key").result();

std::size_t entries_in(const fs::path& folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Store, WhatWasPutIsFound)
{
    const test::TempFolder folder;
    const Store store(folder.path);
    EXPECT_FALSE(store.find("collapse", kKey));

    store.put("collapse", kKey, [](const fs::path& into) {
        fs::create_directory(into / "frames");
        write_file_atomically(into / "frames" / "a name with blanks", "rubble");
    });

    const auto found = Store(folder.path).find("collapse", kKey);
    ASSERT_TRUE(found);
    EXPECT_EQ(read_text_file(*found / "frames" / "a name with blanks"), "rubble");
    EXPECT_FALSE(store.find("cleanplate", kKey));
}

TEST(Store, AResultThatLostALengthCountsAsNone)
{
    const test::TempFolder folder;
    const Store store(folder.path);
    const fs::path result =
        store.put("dust", kKey, [](const fs::path& into) { write_file_atomically(into / "grid", "12345678"); });
    fs::resize_file(result / "grid", 4);
    EXPECT_FALSE(store.find("dust", kKey));
    EXPECT_FALSE(fs::exists(result));
}

TEST(Store, AFailedFillLeavesNothing)
{
    const test::TempFolder folder;
    const Store store(folder.path);
    const auto fails = [](const fs::path& into) {
        write_file_atomically(into / "half", "of it");
        throw std::runtime_error("the lights went out");
    };
    EXPECT_THROW(store.put("dust", kKey, fails), std::runtime_error);
    EXPECT_FALSE(store.find("dust", kKey));
    EXPECT_EQ(entries_in(folder / "dust"), 0u);
}

TEST(Store, TheFirstOfTwoWinsAndBothGoOn)
{
    const test::TempFolder folder;
    const Store store(folder.path);
    const fs::path outer = store.put("dust", kKey, [&](const fs::path& into) {
        store.put("dust", kKey, [](const fs::path& inner) { write_file_atomically(inner / "grid", "first"); });
        write_file_atomically(into / "grid", "second");
    });
    EXPECT_EQ(read_text_file(outer / "grid"), "first");
    EXPECT_EQ(entries_in(folder / "dust"), 1u);
}

}  // namespace
}  // namespace platefall
