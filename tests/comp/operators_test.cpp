#include "comp/operators.h"

#include "comp_helpers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

namespace platefall::comp {
namespace {

struct Pixel {
    double A, a, B, b, m;
};

/// The formulas as operators.h states them.
struct Formula {
    std::function<double(const Pixel&)> colour, alpha;
};

double outsides(const Pixel& p)
{
    return p.A * (1 - p.b) + p.B * (1 - p.a);
}
double over_alpha(const Pixel& p)
{
    return p.a + p.b * (1 - p.a);
}

const std::map<std::string, Formula>& formulas()
{
    static const std::map<std::string, Formula> all{
        {"over", {[](const Pixel& p) { return p.A + p.B * (1 - p.a); }, over_alpha}},
        {"under", {[](const Pixel& p) { return p.B + p.A * (1 - p.b); }, over_alpha}},
        {"in", {[](const Pixel& p) { return p.A * p.b; }, [](const Pixel& p) { return p.a * p.b; }}},
        {"out",
         {[](const Pixel& p) { return p.A * (1 - p.b); }, [](const Pixel& p) { return p.a * (1 - p.b); }}},
        {"atop",
         {[](const Pixel& p) { return p.A * p.b + p.B * (1 - p.a); }, [](const Pixel& p) { return p.b; }}},
        {"xor", {outsides, [](const Pixel& p) { return p.a * (1 - p.b) + p.b * (1 - p.a); }}},
        {"mask", {[](const Pixel& p) { return p.B * p.a; }, [](const Pixel& p) { return p.a * p.b; }}},
        {"stencil",
         {[](const Pixel& p) { return p.B * (1 - p.a); }, [](const Pixel& p) { return p.b * (1 - p.a); }}},
        {"plus",
         {[](const Pixel& p) { return p.A + p.B; }, [](const Pixel& p) { return std::min(1.0, p.a + p.b); }}},
        {"multiply", {[](const Pixel& p) { return p.A * p.B + outsides(p); }, over_alpha}},
        {"screen",
         {[](const Pixel& p) { return std::max(p.A, p.B) > 1 ? std::max(p.A, p.B) : p.A + p.B * (1 - p.A); },
          over_alpha}},
        {"max", {[](const Pixel& p) { return std::max(p.A * p.b, p.B * p.a) + outsides(p); }, over_alpha}},
        {"min", {[](const Pixel& p) { return std::min(p.A * p.b, p.B * p.a) + outsides(p); }, over_alpha}},
        {"difference",
         {[](const Pixel& p) { return std::abs(p.A * p.b - p.B * p.a) + outsides(p); }, over_alpha}},
        {"copy",
         {[](const Pixel& p) { return p.A + p.B * (1 - p.m); },
          [](const Pixel& p) { return p.a + p.b * (1 - p.m); }}},
    };
    return all;
}

class EachOperator : public testing::TestWithParam<std::string> {};

/// A few rounding errors of the largest term; what cancels cannot be more exact than that.
double tolerance(const Pixel& p)
{
    return 4.0 * std::numeric_limits<float>::epsilon()
           * (std::abs(p.A) + std::abs(p.B) + std::abs(p.A * p.B) + 1e-30);
}

TEST_P(EachOperator, EqualsItsFormulaInDoublePrecision)
{
    const ShotInfo shot = test_shot();
    Frame frame(shot, 1001);
    const Image below = noise(kDisplay, "RGBA", 1), layer = noise(kDisplay, "RGBA", 2);
    Image matte = noise(kDisplay, "A", 3);
    frame.set("plate", below);
    frame.set("cg", layer);
    frame.set("matte.m", matte);
    run_comp("layers = ['plate', { name = 'cg', operation = '" + GetParam() + "', matte = 'm' }]", frame);

    const Formula& formula = formulas().at(GetParam());
    for (int y = 0; y < kDisplay.y1; ++y)
        for (int x = 0; x < kDisplay.x1; ++x) {
            const double m = at(matte, x, y, "A");
            Pixel p{0, at(layer, x, y, "A") * m, 0, at(below, x, y, "A"), m};
            EXPECT_NEAR(at(frame.layer("comp"), x, y, "A"), formula.alpha(p), 4e-7);
            for (const std::string channel : {"R", "G", "B"}) {
                p.A = static_cast<float>(at(layer, x, y, channel) * static_cast<float>(m));
                p.B = at(below, x, y, channel);
                ASSERT_NEAR(at(frame.layer("comp"), x, y, channel), formula.colour(p), tolerance(p))
                    << channel << " at " << x << "," << y;
            }
        }
}

/// Those that leave what is below where the layer is not.
class KeepingOperator : public testing::TestWithParam<std::string> {};

std::vector<std::string> keeping_operators()
{
    std::vector<std::string> names = operator_names();
    std::erase_if(names, [](const std::string& name) { return !keeps_below(parse_operator(name)); });
    return names;
}

TEST_P(KeepingOperator, GivesBackTheBitsOfWhatIsBelowWhereTheLayerIsTransparentBlack)
{
    const ShotInfo shot = test_shot();
    Image plate = noise(kDisplay, "RGB", 4);
    plate.pixel(3, 3)[0] = -0.0f;
    plate.pixel(4, 3)[1] = std::numeric_limits<float>::denorm_min();
    plate.pixel(5, 3)[2] = -7.25f;
    plate.pixel(6, 3)[0] = 65504.0f;
    Frame frame(shot, 1001);
    frame.set("plate", plate);
    frame.set("cg", flat(kDisplay, "RGBA", {0, 0, 0, 0}));
    // copy puts even nothing in the place of what is below, as far as its coverage goes.
    const std::string opacity = GetParam() == "copy" ? "0" : "1";
    run_comp("layers = ['plate', { name = 'cg', operation = '" + GetParam() + "', opacity = " + opacity
                 + " }]",
             frame);
    EXPECT_EQ(differing_samples(frame.layer("comp"), plate), 0);
    for (std::size_t i = 0; i < frame.layer("generated").sample_count(); ++i)
        ASSERT_EQ(frame.layer("generated").data()[i], 0.0f);
}

TEST_P(KeepingOperator, GivesBackTheBitsOfWhatIsBelowWhereTheMatteIsZero)
{
    const ShotInfo shot = test_shot();
    Image plate = noise(kDisplay, "RGB", 5);
    plate.pixel(3, 3)[0] = -0.0f;
    Frame frame(shot, 1001);
    frame.set("plate", plate);
    frame.set("cg", noise(kDisplay, "RGBA", 6));
    frame.set("matte.m", flat(kDisplay, "A", {0}));
    run_comp("layers = ['plate', { name = 'cg', operation = '" + GetParam() + "', matte = 'm' }]", frame);
    EXPECT_EQ(differing_samples(frame.layer("comp"), plate), 0);
}

INSTANTIATE_TEST_SUITE_P(Comp, EachOperator, testing::ValuesIn(operator_names()),
                         [](const auto& test) { return test.param; });

INSTANTIATE_TEST_SUITE_P(Comp, KeepingOperator, testing::ValuesIn(keeping_operators()),
                         [](const auto& test) { return test.param; });

TEST(Operators, InOutAndMaskLeaveNothingWhereTheLayerIsNot)
{
    const ShotInfo shot = test_shot();
    for (const char* name : {"in", "out", "mask"}) {
        Frame frame(shot, 1001);
        frame.set("plate", noise(kDisplay, "RGBA", 7));
        frame.set("cg", noise({10, 10, 20, 20}, "RGBA", 8));
        run_comp(std::string("layers = ['plate', { name = 'cg', operation = '") + name + "' }]", frame);
        for (const auto& [x, y] : {std::pair{15, 5}, {5, 15}, {25, 15}, {15, 25}})
            EXPECT_EQ(bits(at(frame.layer("comp"), x, y, "R")), 0u) << name << " at " << x << "," << y;
    }
}

TEST(Operators, BlendsOfSolidPicturesAreTheUsualOnes)
{
    const ShotInfo shot = test_shot();
    const std::map<std::string, float> expected{{"multiply", 0.125f},  {"max", 0.5f},      {"min", 0.25f},
                                                {"difference", 0.25f}, {"screen", 0.625f}, {"plus", 0.75f}};
    for (const auto& [name, value] : expected) {
        Frame frame(shot, 1001);
        frame.set("plate", flat(kDisplay, "RGB", {0.25f, 0.25f, 0.25f}));
        frame.set("light", flat(kDisplay, "RGB", {0.5f, 0.5f, 0.5f}));
        run_comp("layers = ['plate', { name = 'light', operation = '" + name + "' }]", frame);
        EXPECT_EQ(at(frame.layer("comp"), 7, 7, "G"), value) << name;
    }
}

TEST(Operators, AlphaOfPlusStopsAtOne)
{
    const ShotInfo shot = test_shot();
    Frame frame(shot, 1001);
    frame.set("plate", flat(kDisplay, "RGBA", {1, 1, 1, 0.75f}));
    frame.set("fire", flat(kDisplay, "RGBA", {1, 1, 1, 0.5f}));
    run_comp("layers = ['plate', { name = 'fire', operation = 'plus' }]", frame);
    EXPECT_EQ(at(frame.layer("comp"), 7, 7, "A"), 1.0f);
}

TEST(Operators, EveryNameStandsForItsOperator)
{
    EXPECT_EQ(operator_names().size(), formulas().size());
    for (const std::string& name : operator_names())
        EXPECT_TRUE(formulas().contains(name)) << name;
    EXPECT_THROW(parse_operator("divide"), std::logic_error);
}

} // namespace
} // namespace platefall::comp
