#include <platefall/params.h>

#include <gmock/gmock.h>

#include <limits>
#include <stdexcept>

namespace platefall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// One line of a manifest, with the value at the place where it would stand.
ParamEntry entry(const std::string& key, ParamValue value, int line = 2)
{
    const Origin place{"shot.toml", line, 1, key + " = ..."};
    value.origin = {"shot.toml", line, static_cast<int>(key.size()) + 4, key + " = ..."};
    return {key, place, value};
}

ParamTable table(std::vector<ParamEntry> entries)
{
    return {std::move(entries), {"shot.toml", 1, 1, "[plate]"}};
}

ParamValue list(const ParamValue::List& elements)
{
    return {elements, {}};
}

ParamValue text(const std::string& word)
{
    return {word, {}};
}

/// The faults of one value.
std::vector<std::string> faults_of(const ParamSpec& spec, const ParamValue& value)
{
    Faults faults;
    Params::check(table({entry(spec.name, value)}), {spec}, "[plate]", "/shot", faults);
    return faults.all();
}

Params checked(const std::vector<ParamEntry>& entries, const ParamSpecs& specs)
{
    Faults faults;
    Params params = Params::check(table(entries), specs, "[plate]", "/shot", faults);
    faults.throw_if_any();
    return params;
}

ParamSpec fps()
{
    return param::number("fps", 24.0, "Frames a second.").between(1, 1000).in("frames/s");
}

TEST(FaultMessage, PointsAtTheColumnWithACaretAndTheHint)
{
    EXPECT_EQ(at({"tower.toml", 14, 3, "  dust_densty = 0.4"}, "unknown key", "did you mean 'dust_density'?"),
              "tower.toml:14:3: unknown key\n"
              "      dust_densty = 0.4\n"
              "      ^ did you mean 'dust_density'?");
}

TEST(FaultMessage, CaretStandsBelowTheColumnAfterTabsAndAccents)
{
    EXPECT_EQ(at({"a.toml", 1, 8, "\tx='é', y"}, "no"), "a.toml:1:8: no\n    \tx='é', y\n    \t      ^");
}

TEST(FaultMessage, PutsTheHintInBracketsWhereThereIsNoLine)
{
    EXPECT_EQ(at({"--set a.b=1", 0, 0, ""}, "unknown key 'b'", "did you mean 'c'?"),
              "--set a.b=1: unknown key 'b' (did you mean 'c'?)");
    EXPECT_EQ(at({}, "unknown key 'b'"), "unknown key 'b'");
}

TEST(ParamsCheck, TakesAWholeNumberForANumber)
{
    EXPECT_EQ(checked({entry("fps", {std::int64_t{25}, {}})}, {fps()}).number("fps"), 25.0);
}

TEST(ParamsCheck, TakesAnIntegralNumberForAWholeNumberAndNoOther)
{
    const ParamSpec seed = param::integer("seed", 0, "Seed.");
    EXPECT_EQ(checked({entry("seed", {7.0, {}})}, {seed}).integer("seed"), 7);
    EXPECT_THAT(faults_of(seed, {7.5, {}}),
                ElementsAre("shot.toml:2:8: 'seed' must be a whole number (is 7.5)\n"
                            "    seed = ...\n"
                            "           ^"));
    EXPECT_EQ(faults_of(seed, {1e300, {}}).size(), 1u);
}

TEST(ParamsCheck, RefusesWhatIsNotFinite)
{
    EXPECT_THAT(faults_of(fps(), {std::numeric_limits<double>::quiet_NaN(), {}}),
                ElementsAre(testing::HasSubstr("shot.toml:2:7: 'fps' must be a finite number (is nan)")));
    EXPECT_THAT(faults_of(fps(), {-std::numeric_limits<double>::infinity(), {}}),
                ElementsAre(testing::HasSubstr("'fps' must be a finite number (is -inf)")));
}

TEST(ParamsCheck, SaysWhichTypeIsWantedAndWhichIsThere)
{
    const auto message = [](const ParamSpec& spec, const ParamValue& value) {
        const std::vector<std::string> faults = faults_of(spec, value);
        EXPECT_EQ(faults.size(), 1u);
        const std::string text = faults.empty() ? "" : faults[0].substr(0, faults[0].find('\n'));
        return text.substr(text.find('\''));
    };
    EXPECT_EQ(message(fps(), text("24")), "'fps' must be a number, not a string");
    EXPECT_EQ(message(param::flag("on", true, "On."), text("yes")),
              "'on' must be true or false, not a string");
    EXPECT_EQ(message(param::integer("n", "N."), list({})), "'n' must be a whole number, not a list");
    EXPECT_EQ(message(param::text("name", "Name."), {std::int64_t{3}, {}}),
              "'name' must be a string, not a number");
    EXPECT_EQ(message(param::choice("op", {"over"}, "Op."), {true, {}}),
              "'op' must be a string, not true or false");
    EXPECT_EQ(message(param::path("path", "Path."), {ParamTable{}, {}}),
              "'path' must be a path, not a table");
    EXPECT_EQ(message(param::numbers("v", 3, "V."), {1.5, {}}),
              "'v' must be a list of 3 numbers, not a number");
    EXPECT_EQ(message(param::texts("aovs", "Aovs."), text("depth")),
              "'aovs' must be a list of strings, not a string");
    EXPECT_EQ(message(param::points("p", "P."), text("x")),
              "'p' must be a list of [x, y] pairs, not a string");
    EXPECT_EQ(message(param::tables("l", {}, "", "L."), text("x")),
              "'l' must be a list of tables, not a string");
}

TEST(ParamsCheck, SaysTheRangeWithItsUnitAndTheValue)
{
    EXPECT_THAT(faults_of(fps(), {std::int64_t{-3}, {}}),
                ElementsAre(testing::HasSubstr("'fps' must be between 1 and 1000 frames/s (is -3)")));

    const double infinity = std::numeric_limits<double>::infinity();
    ParamSpec grow = param::number("grow", 0, "Grow.").in("px").between(0, infinity);
    EXPECT_THAT(faults_of(grow, {-0.5, {}}),
                ElementsAre(testing::HasSubstr("must be at least 0 px (is -0.5)")));
    grow.between(-infinity, 10);
    EXPECT_THAT(faults_of(grow, {11.0, {}}),
                ElementsAre(testing::HasSubstr("must be at most 10 px (is 11)")));
}

TEST(ParamsCheck, ListsTheChoicesAndGuesses)
{
    EXPECT_THAT(faults_of(param::choice("missing", {"error", "hold", "black"}, "error", "M."), text("hodl")),
                ElementsAre("shot.toml:2:11: 'missing' must be 'error', 'hold' or 'black' (is 'hodl')\n"
                            "    missing = ...\n"
                            "              ^ did you mean 'hold'?"));
}

TEST(ParamsCheck, PointsAtTheTableForAMissingKey)
{
    Faults faults;
    Params::check(table({}), {param::path("path", "Path.").must_be_given()}, "[plate]", "/shot", faults);
    EXPECT_THAT(faults.all(), ElementsAre("shot.toml:1:1: [plate] needs 'path'\n    [plate]\n    ^"));
}

TEST(ParamsCheck, ReportsAMisspelledRequiredKeyOnce)
{
    Faults faults;
    Params::check(table({entry("pth", text("a.exr"))}), {param::path("path", "Path.").must_be_given()},
                  "[plate]", "/shot", faults);
    EXPECT_THAT(faults.all(), ElementsAre("shot.toml:2:1: unknown key 'pth' in [plate]\n"
                                          "    pth = ...\n"
                                          "    ^ did you mean 'path'?"));
}

TEST(ParamsCheck, NamesTheKeysThereAreWhenNothingIsNear)
{
    Faults faults;
    Params::check(table({entry("zebra", text("x"))}), {fps(), param::text("name", "N.")}, "[shot]", "/",
                  faults);
    EXPECT_THAT(faults.all(), ElementsAre(testing::HasSubstr("^ it knows fps and name")));
}

TEST(ParamsCheck, ReportsEveryWrongElementAndNotTheListToo)
{
    EXPECT_THAT(faults_of(param::numbers("v", 3, "V."), list({text("a"), {2.0, {}}, text("b")})),
                ElementsAre("'v' must be a list of 3 numbers; it holds a string",
                            "'v' must be a list of 3 numbers; it holds a string"));
    EXPECT_THAT(faults_of(param::points("p", "P."), list({list({{1.0, {}}})})),
                ElementsAre("'p' must be a list of [x, y] pairs (one has 1 elements)"));
}

TEST(ParamsCheck, RefusesAListOfAnotherLength)
{
    EXPECT_THAT(faults_of(param::numbers("film_back_mm", {36.0, 20.25}, "F."), list({{36.0, {}}})),
                ElementsAre(testing::HasSubstr("'film_back_mm' must be a list of 2 numbers (has 1)")));
}

TEST(ParamsCheck, RefusesAnEmptyPathAndAVariableThatIsNotSet)
{
    EXPECT_THAT(faults_of(param::path("path", "P."), text("")),
                ElementsAre(testing::HasSubstr("'path' must not be empty")));
    EXPECT_THAT(
        faults_of(param::path("path", "P."), text("$PLATEFALL_TEST_UNSET/a.exr")),
        ElementsAre(testing::HasSubstr("'path': environment variable 'PLATEFALL_TEST_UNSET' is not set")));
}

TEST(ParamsCheck, ReplacesAFaultyValueByItsFallback)
{
    Faults faults;
    const Params params = Params::check(table({entry("fps", text("fast")), entry("name", {1.5, {}})}),
                                        {fps(), param::text("name", "N.")}, "[shot]", "/shot", faults);
    EXPECT_EQ(faults.all().size(), 2u);
    EXPECT_EQ(params.number("fps"), 24.0);
    EXPECT_FALSE(params.has("name"));
}

ParamSpec layers()
{
    return param::tables("layers",
                         {param::text("layer", "The layer.").must_be_given(),
                          param::number("opacity", 1.0, "Opacity.").between(0, 1)},
                         "layer", "Layers, bottom to top.");
}

TEST(ParamsCheck, TakesABareStringForATableWithTheShorthand)
{
    const ParamTable written{{entry("layer", text("dust")), entry("opacity", {0.5, {}})}, {}};
    const Params params = checked({entry("layers", list({text("clean"), {written, {}}}))}, {layers()});
    ASSERT_EQ(params.tables("layers").size(), 2u);
    EXPECT_EQ(params.tables("layers")[0].text("layer"), "clean");
    EXPECT_EQ(params.tables("layers")[0].number("opacity"), 1.0);
    EXPECT_EQ(params.tables("layers")[1].number("opacity"), 0.5);
}

TEST(ParamsCheck, NamesTheTableInsideInItsFaults)
{
    ParamTable row = table({entry("opcity", {0.5, {}}, 5)});
    EXPECT_THAT(faults_of(layers(), list({{row, {}}, {std::int64_t{3}, {}}})),
                ElementsAre("shot.toml:1:1: 'layers' of [plate] needs 'layer'\n    [plate]\n    ^",
                            "shot.toml:5:1: unknown key 'opcity' in 'layers' of [plate]\n"
                            "    opcity = ...\n"
                            "    ^ did you mean 'opacity'?",
                            "'layers' must be a list of strings or tables; it holds a number"));
}

TEST(Params, PathsAreRelativeToTheManifestAndExpandVariables)
{
    setenv("PLATEFALL_TEST_SHOW", "/shows/fall", 1);
    const ParamSpec path = param::path("path", "P.");
    EXPECT_EQ(checked({entry("path", text("plate/../a.exr"))}, {path}).path("path"), "/shot/a.exr");
    EXPECT_EQ(checked({entry("path", text("$PLATEFALL_TEST_SHOW/a.exr"))}, {path}).path("path"),
              "/shows/fall/a.exr");
}

TEST(Params, KnowWhatWasGivenAndWhatIsThere)
{
    const Params params = checked({entry("fps", {25.0, {}})}, {fps(), param::number("gain", 1.0, "G."),
                                                               param::text("name", "N."), layers()});
    EXPECT_TRUE(params.given("fps"));
    EXPECT_TRUE(params.has("gain"));
    EXPECT_FALSE(params.given("gain"));
    EXPECT_FALSE(params.has("name"));
    EXPECT_FALSE(params.has("layers"));
    EXPECT_THAT(params.tables("layers"), IsEmpty());
}

TEST(Params, ReadListsOfEachKind)
{
    const Params params =
        checked({entry("v", list({{std::int64_t{1}, {}}, {2.5, {}}})), entry("aovs", list({text("depth")})),
                 entry("p", list({list({{1.0, {}}, {std::int64_t{2}, {}}})}))},
                {param::numbers("v", 2, "V."), param::texts("aovs", "A."), param::points("p", "P."),
                 param::texts("others", "O.")});
    EXPECT_THAT(params.numbers("v"), ElementsAre(1.0, 2.5));
    EXPECT_THAT(params.texts("aovs"), ElementsAre("depth"));
    EXPECT_THAT(params.texts("others"), IsEmpty());
    EXPECT_THAT(params.points("p"), ElementsAre(std::array<double, 2>{1.0, 2.0}));
}

TEST(Params, RefuseAReadThatTheDeclarationDoesNotAllow)
{
    const Params params = checked({}, {fps(), param::text("name", "N.")});
    EXPECT_THROW(params.number("speed"), std::logic_error);
    EXPECT_THROW(params.text("fps"), std::logic_error);
    EXPECT_THROW(params.text("name"), std::logic_error);
    EXPECT_THROW(params.origin("speed"), std::logic_error);
}

TEST(Params, PointAtTheValueOrAtTheTable)
{
    const Params params = checked({entry("fps", {25.0, {}})}, {fps(), param::text("name", "N.")});
    EXPECT_EQ(params.origin("fps").line, 2);
    EXPECT_EQ(params.origin("name").line, 1);
    EXPECT_STREQ(params.error("fps", "too fast", "try 24").what(),
                 "shot.toml:2:7: too fast\n    fps = ...\n          ^ try 24");
}

TEST(CanonicalParams, AreEqualWhenTheParametersMeanTheSame)
{
    const ParamSpecs specs{fps(), param::path("path", "P."), layers()};
    const std::string by_default = checked({}, specs).canonical();
    EXPECT_EQ(by_default, "fps=24;layers=[];");
    EXPECT_EQ(checked({entry("fps", {std::int64_t{24}, {}})}, specs).canonical(), by_default);
    EXPECT_NE(checked({entry("fps", {24.0000001, {}})}, specs).canonical(), by_default);
    EXPECT_EQ(checked({entry("layers", list({text("a\"b")}))}, specs).canonical(),
              "fps=24;layers=[{layer=\"a\\\"b\";opacity=1;}];");
}

TEST(CanonicalParams, KeepPathsAsTheyWereWritten)
{
    setenv("PLATEFALL_TEST_SHOW", "/shows/fall", 1);
    EXPECT_EQ(
        checked({entry("path", text("$PLATEFALL_TEST_SHOW/a.exr"))}, {param::path("path", "P.")}).canonical(),
        "path=\"$PLATEFALL_TEST_SHOW/a.exr\";");
}

TEST(UnreadParams, AreThoseThatNobodyAskedFor)
{
    const Params params = checked({}, {fps(), param::text("name", "N."), param::number("gain", 1.0, "G.")});
    EXPECT_THAT(params.unread(), ElementsAre("fps", "gain", "name"));
    params.number("fps");
    params.has("name");
    EXPECT_THAT(params.unread(), ElementsAre("gain"));
}

TEST(UnreadParams, IncludeFieldsThatNoTableWasAskedFor)
{
    const Params params = checked({entry("layers", list({text("a"), text("b")}))}, {layers()});
    EXPECT_THAT(params.unread(), ElementsAre("layers"));
    params.tables("layers")[0].text("layer");
    EXPECT_THAT(params.unread(), ElementsAre("layers.opacity"));
    params.tables("layers")[1].number("opacity");
    EXPECT_THAT(params.unread(), IsEmpty());
}

}  // namespace
}  // namespace platefall
