#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall {
namespace {

using testing::ElementsAre;

TEST(Error, WhatHasEveryFaultOnItsOwnLine)
{
    const Error error(std::vector<std::string>{"first", "second"});
    EXPECT_STREQ(error.what(), "first\nsecond");
    EXPECT_THAT(error.faults(), ElementsAre("first", "second"));
}

TEST(Faults, AllFaultsComeOutInOneErrorInOrder)
{
    Faults faults;
    faults.add("no plate");
    faults.add(Error(std::vector<std::string>{"bad fps", "bad name"}));
    try {
        faults.throw_if_any();
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_THAT(error.faults(), ElementsAre("no plate", "bad fps", "bad name"));
    }
}

TEST(Faults, NoFaultThrowsNothing)
{
    const Faults faults;
    EXPECT_TRUE(faults.empty());
    EXPECT_NO_THROW(faults.throw_if_any());
}

}  // namespace
}  // namespace platefall
