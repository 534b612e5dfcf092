/// EXR files made with OpenImageIO alone: the witness for our readers and writers.
#pragma once

#include <OpenImageIO/imageio.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace platefall::test {

struct Part {
    OIIO::ImageSpec spec;
    std::vector<float> samples;   ///< interleaved; converted to the spec's types by OIIO
};

/// `window` is x, y, width, height.
inline OIIO::ImageSpec spec_of(int x, int y, int width, int height, const std::vector<std::string>& names,
                               OIIO::TypeDesc type = OIIO::TypeDesc::HALF)
{
    OIIO::ImageSpec spec(width, height, static_cast<int>(names.size()), type);
    spec.x = x;
    spec.y = y;
    spec.channelnames = names;
    return spec;
}

/// 0, 1, 2, ... divided by 8: exact as halves up to 2048 samples.
inline std::vector<float> counting(const OIIO::ImageSpec& spec)
{
    std::vector<float> samples(static_cast<std::size_t>(spec.width) * spec.height * spec.nchannels);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<float>(i % 2048) / 8.0f;
    return samples;
}

inline void write_parts(const std::filesystem::path& path, const std::vector<Part>& parts)
{
    const auto output = OIIO::ImageOutput::create(path.string());
    ASSERT_TRUE(output) << OIIO::geterror();
    std::vector<OIIO::ImageSpec> specs;
    for (const Part& part : parts)
        specs.push_back(part.spec);
    const bool opened = parts.size() == 1
                            ? output->open(path.string(), specs.front())
                            : output->open(path.string(), static_cast<int>(specs.size()), specs.data());
    ASSERT_TRUE(opened) << output->geterror();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            ASSERT_TRUE(output->open(path.string(), specs[i], OIIO::ImageOutput::AppendSubimage));
        }
        ASSERT_TRUE(output->write_image(OIIO::TypeFloat, parts[i].samples.data())) << output->geterror();
    }
    ASSERT_TRUE(output->close()) << output->geterror();
}

/// The pixels of the first part as OIIO reads them.
inline Part read_part(const std::filesystem::path& path)
{
    const auto input = OIIO::ImageInput::open(path.string());
    EXPECT_TRUE(input) << OIIO::geterror();
    if (!input)
        return {};
    Part part{input->spec(), {}};
    part.samples.resize(part.spec.image_pixels() * static_cast<std::size_t>(part.spec.nchannels));
    EXPECT_TRUE(input->read_image(0, 0, 0, -1, OIIO::TypeFloat, part.samples.data())) << input->geterror();
    return part;
}

}  // namespace platefall::test
