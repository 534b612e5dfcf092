#include <platefall/attributes.h>

#include <gtest/gtest.h>

namespace platefall {
namespace {

TEST(AttributeSet, ReplacesInPlace)
{
    Attributes attributes;
    attributes.set("owner", "someone");
    attributes.set("iso", 800);
    attributes.set("owner", "someone else");
    ASSERT_EQ(std::distance(attributes.begin(), attributes.end()), 2);
    EXPECT_EQ(attributes.begin()->name, "owner");
    EXPECT_EQ(attributes.text("owner"), "someone else");
}

TEST(AttributeSet, KnowsTheTypesItWasGiven)
{
    Attributes attributes;
    attributes.set("lens", std::string("35mm"));
    attributes.set("fStop", 2.8f);
    attributes.set("iso", 800);
    EXPECT_EQ(attributes.find("lens")->type, "string");
    EXPECT_EQ(attributes.find("fStop")->type, "float");
    EXPECT_EQ(std::get<std::vector<float>>(attributes.find("fStop")->values), std::vector<float>{2.8f});
    EXPECT_EQ(attributes.find("iso")->type, "int");
}

TEST(AttributeSet, WhatIsNotThereIsNotText)
{
    Attributes attributes;
    attributes.set("iso", 800);
    EXPECT_EQ(attributes.text("iso"), "");
    EXPECT_EQ(attributes.text("lens"), "");
    EXPECT_EQ(attributes.find("lens"), nullptr);
    attributes.erase("iso");
    EXPECT_TRUE(attributes.empty());
}

}  // namespace
}  // namespace platefall
