/// Nothing is sent anywhere: no code for it is in the library, and a render as a whole asks the system for no connection.
#include "base/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

namespace platefall {
namespace {

using test::Outcome;
using test::run_command;
using testing::HasSubstr;
using testing::IsEmpty;

/// What a program must import to reach another machine, or to ask a service for names.
const std::set<std::string> kNetworkFunctions{
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "send", "sendto", "sendmsg", "sendmmsg",
    "recv", "recvfrom", "recvmsg", "recvmmsg", "shutdown", "setsockopt", "getsockopt", "getaddrinfo", "getnameinfo",
    "gethostbyname", "gethostbyname2", "gethostbyname_r", "gethostbyaddr", "getservbyname", "res_query", "res_search",
    "getpwnam", "getpwnam_r", "getpwuid", "getpwuid_r", "getgrnam", "getgrgid", "SSL_connect", "curl_easy_perform",
};

/// "connect" of "                 U connect@GLIBC_2.2.5".
std::set<std::string> imports_of(const std::string& library)
{
    const Outcome listing = run_command({"nm", "-D", "--undefined-only", library});
    EXPECT_EQ(listing.status, 0) << listing.err;
    std::set<std::string> names;
    std::istringstream lines(listing.out);
    for (std::string kind, name; lines >> kind >> name;)
        names.insert(name.substr(0, name.find('@')));
    return names;
}

TEST(Network, TheLibraryImportsNothingThatReachesOtherMachines)
{
    const std::set<std::string> imports = imports_of(PLATEFALL_LIBRARY);
    ASSERT_TRUE(imports.contains("rename")) << "the listing is not understood";
    std::vector<std::string> found;
    std::ranges::set_intersection(imports, kNetworkFunctions, std::back_inserter(found));
    EXPECT_THAT(found, IsEmpty());
}

/// The system calls about sockets of a command and of every process that it starts.
std::string network_calls(std::vector<std::string> command, const std::filesystem::path& log, Outcome& outcome)
{
    command.insert(command.begin(), {"strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-e", "signal=none",
                                     "-o", log.string()});
    outcome = run_command(command);
    return read_text_file(log);
}

struct TracedRender : testing::Test {
    void SetUp() override
    {
        Outcome traced;
        if (run_command({"strace", "-V"}).status != 0)
            GTEST_SKIP() << "strace is not installed";
        if (run_command({"strace", "-qq", "-o", (folder / "try").string(), "true"}).status != 0)
            GTEST_SKIP() << "processes may not be traced here";
    }
    test::TempFolder folder;
};

/// All built-in stages, the report, and the movie, which ffmpeg encodes. Short and coarse: what is asked of the system is the same.
TEST_F(TracedRender, MakesNoConnection)
{
    const std::string out = (folder / "out").string();
    const std::vector<std::string> settings{"shot.frames=1007-1014", "output.path=" + out + "/street.####.exr",
                                            "output.movie=" + out + "/street.mp4", "cache.path=" + out + "/cache",
                                            "cleanplate.regions=[]", "collapse.dust_cell=2", "collapse.piece_size=6"};
    std::vector<std::string> command{PLATEFALL_PROGRAM, "render", PLATEFALL_SAMPLES_DIR "/street/collapse.toml", "--proxy", "8"};
    for (const std::string& setting : settings)
        command.insert(command.end(), {"--set", setting});
    Outcome render;
    const std::string calls = network_calls(command, folder / "calls", render);
    ASSERT_EQ(render.status, 0) << render.err;
    EXPECT_TRUE(std::filesystem::exists(folder / "out/proxy8/street.mp4")) << "ffmpeg was not traced";
    EXPECT_THAT(calls, IsEmpty());
}

TEST_F(TracedRender, WouldHaveSeenOne)
{
    Outcome opened;
    const std::string script = "import socket; socket.socket(socket.AF_UNIX).close()";
    EXPECT_THAT(network_calls({"python3", "-c", script}, folder / "calls", opened), HasSubstr("socket(AF_UNIX"));
}

}  // namespace
}  // namespace platefall
