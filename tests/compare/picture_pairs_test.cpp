#include "compare/picture_pairs.h"

#include "base/files.h"
#include "compare/pictures.h"
#include "support/error_text.h"

#include <gmock/gmock.h>

namespace platefall::compare {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> in_words(const std::vector<PicturePair>& pairs)
{
    std::vector<std::string> words;
    for (const PicturePair& pair : pairs)
        words.push_back(pair.name + (pair.has_a ? " a" : "") + (pair.has_b ? " b" : ""));
    return words;
}

struct PairingPictures : testing::Test {
    test::TwoFolders folders;

    void add(const std::filesystem::path& folder, std::initializer_list<const char*> names)
    {
        for (const char* name : names)
            write_file_atomically(folder / name, "x");
    }
};

TEST_F(PairingPictures, FoldersByThePathsBelowThem)
{
    add(folders.a, {"f.1001.exr", "aov/z.1001.exr", "notes.txt", ".f.1002.exr.failed"});
    add(folders.b, {"f.1001.exr", "f.1002.EXR", ".hidden/x.exr", "f.sheet.png"});
    EXPECT_THAT(in_words(pair_pictures(folders.a, folders.b, {.exclude = {"*.sheet.png"}})),
                ElementsAre("aov/z.1001.exr a", "f.1001.exr a b", "f.1002.EXR b"));
}

TEST_F(PairingPictures, SequencesByFrame)
{
    add(folders.a, {"old.1001.exr", "old.1002.exr"});
    add(folders.b, {"new.1002.exr", "new.1003.exr"});
    const auto a = folders.a / "old.####.exr", b = folders.b / "new.%04d.exr";
    EXPECT_THAT(in_words(pair_pictures(a, b, {})), ElementsAre("new.1001.exr a", "new.1002.exr a b", "new.1003.exr b"));
    EXPECT_THAT(in_words(pair_pictures(a, b, {.frames = "1002-1004x2"})), ElementsAre("new.1002.exr a b", "new.1004.exr"));
}

TEST_F(PairingPictures, RefusesWhatWouldFindNothing)
{
    add(folders.a, {"f.exr"});
    add(folders.b, {"f.exr", "notes.txt"});
    std::filesystem::create_directories(folders.folder / "empty");
    const auto error = [&](const std::filesystem::path& a, const std::filesystem::path& b) { return error_of([&] { pair_pictures(a, b, {}); }); };
    EXPECT_THAT(error(folders.a, folders.a / "../a"), HasSubstr("is compared with itself"));
    EXPECT_THAT(error(folders.a, folders.b / "f.exr"), HasSubstr("a' is a folder and '"));
    EXPECT_THAT(error(folders.a, folders.b / "f.exr"), HasSubstr("is a file; compare two of a kind"));
    EXPECT_THAT(error(folders.a, folders.folder / "empty"), HasSubstr("empty'; is it rendered, and is the path right?"));
    EXPECT_THAT(error(folders.folder / "empty", folders.b), HasSubstr("empty'; --update makes the reference"));
    EXPECT_THAT(error(folders.a / "f.exr", folders.b / "none.exr"), HasSubstr("there is no file '"));
    EXPECT_THAT(error(folders.a / "f.###.exr", folders.b / "f.###.exr"), HasSubstr("there is no frame of '"));
    EXPECT_THAT(error_of([&] { pair_pictures(folders.a, folders.b, {.frames = "1"}); }), HasSubstr("only sequences"));
    EXPECT_EQ(pair_pictures(folders.folder / "none", folders.b, {.may_lack_a = true}).size(), 1u);
}

}  // namespace
}  // namespace platefall::compare
