#include "base/hash.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

#include <string>

namespace platefall {
namespace {

TEST(Hash, EmptyInputHasTheDigestThatXxhashPublishes)
{
    EXPECT_EQ(Hasher().result().hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, BytesInPiecesHashAsOne)
{
    EXPECT_EQ(Hasher().bytes("street", 6).result(), Hasher().bytes("str", 3).bytes("eet", 3).result());
}

TEST(Hash, TextsAreKeptApart)
{
    EXPECT_NE(Hasher().text("ab").text("c").result(), Hasher().text("a").text("bc").result());
    EXPECT_NE(Hasher().text("").result(), Hasher().result());
}

TEST(Hash, NumbersAndDigestsCount)
{
    EXPECT_NE(Hasher().number(1).result(), Hasher().number(-1).result());
    EXPECT_EQ(Hasher().number(0x41).result(), Hasher().bytes("A\0\0\0\0\0\0\0", 8).result());
    EXPECT_NE(Hasher().digest({1, 2}).result(), Hasher().digest({2, 1}).result());
}

TEST(Hash, HexHasAllThirtyTwoDigits)
{
    EXPECT_EQ((Digest{.high = 1, .low = 0xab}).hex(), "000000000000000100000000000000ab");
}

TEST(Hash, FileHashesAsItsContentEvenWhenLarge)
{
    const test::TempFolder folder;
    const std::string content(3 << 20, 'x');
    write_file_atomically(folder / "f", content);
    EXPECT_EQ(hash_file(folder / "f"), Hasher().bytes(content.data(), content.size()).result());
}

TEST(Hash, MissingFileAndFolderAreReported)
{
    for (const auto& [path, text] : {std::pair{"/nowhere", "cannot read '/nowhere': No such file or directory"},
                                     std::pair{"/tmp", "cannot read '/tmp': Is a directory"}}) {
        try {
            hash_file(path);
            FAIL() << path;
        } catch (const Error& error) {
            EXPECT_STREQ(error.what(), text);
        }
    }
}

}  // namespace
}  // namespace platefall
