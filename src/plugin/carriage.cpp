#include "plugin/carriage.h"

#include "image/read.h"
#include "image/write.h"
#include "plugin/shared_image.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

namespace platefall::plugin {
namespace fs = std::filesystem;
namespace {

class MemoryCarriage final : public Carriage {
public:
    std::string put(const std::string& layer, const Image& image) override
    {
        SharedImage& shared = there_[layer];
        shared.put(image);
        return shared.path();
    }

    std::string room_for(const std::string& layer) override
    {
        SharedImage& shared = back_[layer];
        shared.blank();
        return shared.path();
    }

    Image take(const std::string& layer, const std::vector<Channel>& like) override { return back_[layer].take(like); }

private:
    std::map<std::string, SharedImage> there_, back_;   // kept from frame to frame: new memory costs more than the copy
};

/// EXR files in a folder that is gone with the carriage.
class FileCarriage final : public Carriage {
public:
    FileCarriage()
    {
        std::string name = (fs::temp_directory_path() / "platefall-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw Error(fmt::format("cannot make a folder '{}': {}", name, std::strerror(errno)));
        folder_ = name;
    }

    ~FileCarriage() override
    {
        std::error_code none;
        fs::remove_all(folder_, none);
    }

    FileCarriage(const FileCarriage&) = delete;
    FileCarriage& operator=(const FileCarriage&) = delete;

    std::string put(const std::string& layer, const Image& image) override
    {
        Image whole = image;   // every sample as it is
        for (Channel& channel : whole.channels())
            if (channel.type == ChannelType::half_float)
                channel.type = ChannelType::full_float;
        const fs::path file = folder_ / (layer + ".exr");
        write_exr(file, whole, {}, {.compression = "none"});
        return file.string();
    }

    std::string room_for(const std::string& layer) override
    {
        std::error_code none;
        fs::remove(written(layer), none);
        return written(layer).string();
    }

    Image take(const std::string& layer, const std::vector<Channel>& like) override
    {
        if (!fs::exists(written(layer)))
            throw Error("nothing was written");
        ImageFile file = read_image(written(layer));
        if (!file.warnings.empty())
            throw Error(file.warnings.front());
        for (Channel& channel : file.image.channels()) {
            const auto same = std::ranges::find(like, channel.name, &Channel::name);
            channel = same == like.end() ? Channel{channel.name} : *same;
        }
        return std::move(file.image);
    }

private:
    fs::path written(const std::string& layer) const { return folder_ / (layer + ".out.exr"); }

    fs::path folder_;
};

}  // namespace

std::unique_ptr<Carriage> make_carriage(Pictures pictures)
{
    if (pictures == Pictures::exr)
        return std::make_unique<FileCarriage>();
    return std::make_unique<MemoryCarriage>();
}

}  // namespace platefall::plugin
