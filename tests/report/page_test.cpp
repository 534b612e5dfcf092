#include "report/page.h"

#include <gmock/gmock.h>

#include <vector>

namespace platefall {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Page, HoldsEverythingAndLetsTheBrowserFetchNothing)
{
    const std::string text =
        html({.title = "a & b", .body = "<p>hello</p>", .style = "p { margin: 1px; }", .script = "go(data);", .data = "{\"n\": 1}"});
    EXPECT_THAT(text, HasSubstr("<title>a &amp; b</title>"));
    EXPECT_THAT(text, HasSubstr("<p>hello</p>"));
    EXPECT_THAT(text, HasSubstr("p { margin: 1px; }"));
    EXPECT_THAT(text, HasSubstr("const data = {\"n\": 1};"));
    EXPECT_THAT(text, HasSubstr("default-src 'none'"));
    EXPECT_THAT(text, HasSubstr("--accent")) << "the style of all pages";
}

TEST(Page, DataCannotEndTheScript)
{
    const std::string text = html({.title = "t", .body = "", .script = "x;", .data = "\"</script><b>\""});
    EXPECT_THAT(text, Not(HasSubstr("</script><b>")));
    EXPECT_THAT(text, HasSubstr("\\u003c/script>\\u003cb>"));
}

TEST(Page, TextIsEscaped)
{
    EXPECT_EQ(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
}

TEST(Page, DataUrisAreBase64)
{
    const auto uri = [](std::string_view text) { return data_uri("text/plain", std::as_bytes(std::span(text))); };
    EXPECT_EQ(uri(""), "data:text/plain;base64,");
    EXPECT_EQ(uri("f"), "data:text/plain;base64,Zg==");
    EXPECT_EQ(uri("fo"), "data:text/plain;base64,Zm8=");
    EXPECT_EQ(uri("foo"), "data:text/plain;base64,Zm9v");
    EXPECT_EQ(uri("foob"), "data:text/plain;base64,Zm9vYg==");
    EXPECT_EQ(uri("\xff\xfe"), "data:text/plain;base64,//4=");
}

}  // namespace
}  // namespace platefall
