#include <platefall/stage.h>

#include <gmock/gmock.h>

#include <stdexcept>

namespace platefall {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class Nothing : public Stage {
public:
    LayerUse layers() const override { return {}; }
    void process(Frame&) const override {}
};

/// A stage that declares gain and offset, and reads gain only.
StageType forgetful_type()
{
    StageType type;
    type.name = "forgetful";
    type.summary = "Forgets a parameter.";
    type.params = {param::number("gain", 1.0, "Gain."), param::number("offset", 0.0, "Offset.")};
    type.make = [](const Params& params, const ShotInfo&) {
        params.number("gain");
        return std::make_unique<Nothing>();
    };
    return type;
}

TEST(StageRegistry, KeepsTheOrderInWhichStagesWereAdded)
{
    StageRegistry stages;
    for (const char* name : {"matte", "comp", "grain"}) {
        StageType type = forgetful_type();
        type.name = name;
        stages.add(type);
    }
    ASSERT_EQ(stages.all().size(), 3u);
    EXPECT_EQ(stages.all()[0].name, "matte");
    EXPECT_EQ(stages.all()[2].name, "grain");
    ASSERT_NE(stages.find("comp"), nullptr);
    EXPECT_EQ(stages.find("comp")->name, "comp");
    EXPECT_EQ(stages.find("render"), nullptr);
}

TEST(StageRegistry, RefusesASecondStageOfOneName)
{
    StageRegistry stages;
    stages.add(forgetful_type());
    EXPECT_THAT([&] { stages.add(forgetful_type()); },
                ThrowsMessage<std::logic_error>("stage 'forgetful' is registered twice"));
}

TEST(StageRegistry, RefusesADeclarationThatContradictsItself)
{
    StageRegistry stages;
    StageType type = forgetful_type();
    type.params[0].between(2, 3);
    EXPECT_THAT([&] { stages.add(type); },
                ThrowsMessage<std::logic_error>("forgetful.gain has a fallback that it would refuse: "
                                                "'gain' must be between 2 and 3 (is 1)"));

    type = forgetful_type();
    type.params.push_back(type.params[0]);
    EXPECT_THAT([&] { stages.add(type); },
                ThrowsMessage<std::logic_error>("forgetful.gain is declared twice"));

    type = forgetful_type();
    type.params[1].help.clear();
    EXPECT_THAT([&] { stages.add(type); }, ThrowsMessage<std::logic_error>("forgetful.offset has no help"));
}

TEST(StageRegistry, RefusesAStageThatNeverReadsAParameter)
{
    StageRegistry stages;
    stages.add(forgetful_type());
    const StageType& type = *stages.find("forgetful");
    Faults faults;
    const Params params = Params::check({}, type.params, "stage 'forgetful'", "/", faults);
    const ShotInfo shot;
    EXPECT_THAT([&] { stages.make(type, params, shot); },
                ThrowsMessage<std::logic_error>("stage 'forgetful' never reads offset"));
}

TEST(Frame, NamesItsLayersWhenAskedForAnother)
{
    const ShotInfo shot;
    Frame frame(shot, 1009);
    EXPECT_THAT([&] { frame.layer("clean"); },
                ThrowsMessage<Error>("frame 1009 has no layer 'clean' (it has none yet)"));
    frame.set("plate", Image({0, 0, 1, 1}, {0, 0, 1, 1}, {{"A"}}));
    frame.set("dust", Image({0, 0, 1, 1}, {0, 0, 1, 1}, {{"A"}}));
    EXPECT_THAT([&] { frame.take("clean"); },
                ThrowsMessage<Error>("frame 1009 has no layer 'clean' (it has 'dust' and 'plate')"));
}

TEST(Frame, ReplacesAndTakesLayers)
{
    const ShotInfo shot;
    Frame frame(shot, 1);
    frame.set("matte.sky", Image({0, 0, 1, 1}, {0, 0, 1, 1}, {{"A"}}, 0.25f));
    frame.set("matte.sky", Image({0, 0, 1, 1}, {0, 0, 1, 1}, {{"A"}}, 0.5f));
    EXPECT_TRUE(frame.has("matte.sky"));
    EXPECT_EQ(frame.layer("matte.sky").pixel(0, 0)[0], 0.5f);
    EXPECT_EQ(frame.take("matte.sky").pixel(0, 0)[0], 0.5f);
    EXPECT_FALSE(frame.has("matte.sky"));
}

}  // namespace
}  // namespace platefall
