#include "plugin/peer.h"

#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace platefall::plugin {
namespace {

using test::error_of;
using test::TempFolder;
using testing::HasSubstr;

/// A process of a few lines of Python: `body` for each question `q`; say(...) answers it.
Peer::Start python(const std::string& body, double time_limit_s = 20)
{
    const std::string program = "import json, os, sys, time, threading\n"
                                "lock = threading.Lock()\n"
                                "def say(q, **said):\n"
                                "    with lock: print(json.dumps({'id': q['id'], **said}), flush=True)\n"
                                "for line in sys.stdin:\n"
                                "    q = json.loads(line)\n"
                                + body;
    return {.name = "exec:test", .arguments = {"python3", "-c", program}, .folder = "/", .time_limit_s = time_limit_s};
}

TEST(Peer, AnswersFindWhoAsked)
{
    // Answered in the opposite order.
    Peer peer(python("    if q['n'] == 0: first = q\n"
                     "    else:\n"
                     "        say(q, n=q['n'])\n"
                     "        say(first, n=0)\n"));
    peer.set_at_once(2);
    std::thread other([&] { EXPECT_EQ(peer.ask({{"n", 0}})["n"], 0); });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_EQ(peer.ask({{"n", 1}})["n"], 1);
    other.join();
}

TEST(Peer, TakesNoMoreAtOnceThanItSays)
{
    Peer peer(python("    time.sleep(0.02)\n"
                     "    say(q)\n"));
    std::atomic<int> asked{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j < 5; ++j)
                peer.ask({}), ++asked;
        });
    threads.clear();
    EXPECT_EQ(asked, 20);
}

TEST(Peer, ProcessAfterOneThatDiedIsToldWhatTheFirstWasTold)
{
    Peer peer(python("    if q['do'] == 'die': os._exit(9)\n"
                     "    if q['do'] == 'learn': word = q['word']\n"
                     "    say(q, word=word)\n"));
    peer.tell({{"do", "learn"}, {"word", "moon"}});
    EXPECT_EQ(error_of([&] { peer.ask({{"do", "die"}}); }), "stage 'exec:test' died: 'python3' failed with exit code 9");
    EXPECT_EQ(peer.ask({{"do", "say"}})["word"], "moon");
}

TEST(Peer, OneThatEndedWhileItWasIdleCostsNothing)
{
    Peer peer(python("    say(q)\n"
                     "    if q['do'] == 'last': os._exit(3)\n"));
    peer.ask({{"do", "last"}});
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    EXPECT_EQ(peer.ask({{"do", "more"}}).count("error"), 0u);
}

TEST(Peer, EveryoneWhoWaitsIsToldWhyItDied)
{
    Peer peer(python("    if q['n'] == 3:\n"
                     "        print('last words', file=sys.stderr, flush=True)\n"
                     "        os._exit(4)\n"));
    peer.set_at_once(4);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            EXPECT_THAT(error_of([&] { peer.ask({{"n", i}}); }), HasSubstr("stage 'exec:test' died: "));
        });
}

TEST(Peer, WishesAreGrantedBeforeTheAnswer)
{
    Peer peer(python("    if 'reply' in q:\n"
                     "        say(asked, got=q['with'])\n"
                     "    else:\n"
                     "        asked = q\n"
                     "        say(q, progress=0.5, doing='thinking')\n"
                     "        say(q, wish={'frame': 7})\n"));
    std::string doing;
    const Listener listener{.progress = [&](double, const std::string& what) { doing = what; },
                            .wish = [](const Json& wish) { return Json{{"frame", wish["frame"].get<int>() + 1}}; }};
    EXPECT_EQ(peer.ask({}, listener)["got"]["frame"], 8);
    EXPECT_EQ(doing, "thinking");
    EXPECT_EQ(peer.ask({})["got"]["error"], "nothing can be wished for here");
}

TEST(Peer, SilenceEndsItAndTheNextFindsAFreshOne)
{
    Peer peer(python("    if q['n'] == 1: time.sleep(3600)\n"
                     "    say(q)\n",
                     1.0));
    peer.ask({{"n", 0}});
    EXPECT_EQ(error_of([&] { peer.ask({{"n", 1}}); }),
              "stage 'exec:test' said nothing for 1 s and was ended; if it needs longer, raise its time_limit or let it report "
              "progress");
    peer.ask({{"n", 2}});
}

TEST(Peer, OneThatStopsReadingIsDeadToUs)
{
    Peer peer({.name = "exec:test", .arguments = {"sh", "-c", "exec <&-; sleep 0.3; exit 5"}, .folder = "/"});
    EXPECT_THAT(error_of([&] {
                    for (int i = 0; i < 100; ++i)
                        peer.ask({});
                }),
                HasSubstr("stage 'exec:test' died: 'sh' "));
}

TEST(Peer, HasAMomentToPutItsThingsAway)
{
    const TempFolder folder;
    {
        Peer peer({.name = "exec:test",
                   .arguments = {"sh", "-c", "read line; echo '{\"id\": 1}'; cat > /dev/null; sleep 0.2; touch tidy"},
                   .folder = folder / "."});
        peer.ask({});
    }
    EXPECT_TRUE(std::filesystem::exists(folder / "tidy"));
}

}  // namespace
}  // namespace platefall::plugin
