/// A matte stage from a few lines of manifest, over a plate of a known size.
#pragma once

#include "matte/matte_stage.h"
#include "shot/manifest.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

namespace platefall::matte {

class MatteFixture : public testing::Test {
protected:
    test::TempFolder folder_;
    ShotInfo shot_;
    Frame frame_{shot_, 1010};

    void SetUp() override { use_plate({0, 0, 64, 48}, {0, 0, 64, 48}); }

    void use_plate(const Window& data, const Window& display)
    {
        frame_.set("plate", Image(data, display, {{"R"}, {"G"}, {"B"}}, 0.5f));
    }

    /// The stage named "m"; throws Error for whatever is wrong.
    std::unique_ptr<Stage> stage(const std::string& toml) const
    {
        StageRegistry registry;
        registry.add(matte_stage());
        const StageType& type = *registry.find("matte");
        const Manifest manifest = parse_manifest("name = 'm'\n" + toml, folder_ / "shot.toml");
        Faults faults;
        const Params params = Params::check(manifest.root, type.params, "[matte.m]", folder_.path, faults);
        faults.throw_if_any();
        return registry.make(type, params, shot_);
    }

    const Image& matte(const std::string& toml)
    {
        stage(toml)->process(frame_);
        return frame_.layer("matte.m");
    }

    std::string error_of(const std::string& toml)
    {
        try {
            matte(toml);
        } catch (const Error& error) {
            return error.what();
        }
        return "nothing was thrown";
    }
};

/// 0 outside the data window.
inline float at(const Image& matte, int x, int y)
{
    return matte.data_window().contains(x, y) ? *matte.pixel(x, y) : 0.0f;
}

inline double sum(const Image& matte)
{
    double total = 0.0;
    for (std::size_t i = 0; i < matte.sample_count(); ++i)
        total += matte.data()[i];
    return total;
}

inline bool all_within_0_and_1(const Image& matte)
{
    for (std::size_t i = 0; i < matte.sample_count(); ++i)
        if (!(matte.data()[i] >= 0.0f && matte.data()[i] <= 1.0f))
            return false;
    return true;
}

} // namespace platefall::matte
