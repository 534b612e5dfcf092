#include "report/movie.h"

#include "image/write.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;

std::size_t files_in(const fs::path& folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Movie, AFrameThatCannotBeReadLeavesNoMovieAndNoTemporary)
{
    const test::TempFolder folder;
    const Image frame({0, 0, 33, 17}, {0, 0, 33, 17}, {{"R"}, {"G"}, {"B"}}, 0.5f);
    write_exr(folder / "a.1.exr", frame, {}, {});
    try {
        write_movie(folder / "movie/a.mp4", {folder / "a.1.exr", folder / "a.2.exr"}, 24.0, ColourSpaces(), "lin_rec709", {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("a.2.exr': no such file"));
    }
    EXPECT_EQ(files_in(folder / "movie"), 0u);
}

TEST(Movie, OddSizesAreEncodedToo)
{
    const test::TempFolder folder;
    const Image frame({-4, -4, 37, 21}, {0, 0, 33, 17}, {{"R"}, {"G"}, {"B"}}, 0.5f);
    write_exr(folder / "a.1.exr", frame, {}, {});
    write_movie(folder / "a.mov", {folder / "a.1.exr"}, 23.976, ColourSpaces(), "lin_rec709", {1, 2});
    EXPECT_EQ(movie_mark(folder / "a.mov"), (Digest{1, 2}.hex()));
    EXPECT_EQ(movie_mark(folder / "a.1.exr"), "");
    EXPECT_GT(fs::file_size(folder / "a.mov"), 500u);
}

}  // namespace
}  // namespace platefall
