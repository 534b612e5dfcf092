/// A stage in a shared library, in C++: a thin layer over <platefall/stage_abi.h>, in this header alone. Nothing of it
/// crosses between the plug-in and platefall, so that compiler and standard library may differ.
///
///     class Night {
///     public:
///         static constexpr const char* summary = "Darkens the finished comp.";
///         static constexpr int version = 1;
///         static std::vector<pf::Param> params() { return {pf::number("exposure", "0.1", "What is left of the light.")}; }
///
///         explicit Night(pf::Setup& setup) : exposure_(setup.number("exposure"))
///         {
///             setup.reads("comp");
///             setup.writes("comp");
///         }
///
///         void process(pf::Frame& frame) const
///         {
///             const pf::View comp = frame.layer("comp");
///             pf::View dark = frame.add_like("comp", comp);
///             ...
///         }
///     };
///     PF_STAGE(Night)
///
/// With work for the whole shot it has as well
///
///         void prepare(pf::Preparation& shot, const std::filesystem::path& folder) const;
///         void prepared(const std::filesystem::path& folder);
///
/// What any of them throws becomes the frame's error: pf::Failure in its own words, at the parameter that it names.
#pragma once

#include <platefall/stage_abi.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pf {

/// Something that the user can mend.
class Failure : public std::runtime_error {
public:
    explicit Failure(const std::string& message, std::string param = {})
        : std::runtime_error(message), param_(std::move(param))
    {
    }
    const std::string& param() const noexcept { return param_; }

private:
    std::string param_;
};

/// Thrown where the call can go no further and why has been said already, or the render is to stop.
class Stopped : public std::exception {};

/// Declarations. `fallback` is JSON, or nullptr for a parameter that may be absent.
using Param = pf_param;
inline Param declare(const char* name, pf_type type, const char* fallback, const char* help)
{
    return {name, type, help, nullptr, fallback, 0, nullptr, nullptr, 0};
}
inline Param flag(const char* name, const char* fallback, const char* help) { return declare(name, PF_FLAG, fallback, help); }
inline Param integer(const char* name, const char* fallback, const char* help)
{
    return declare(name, PF_INTEGER, fallback, help);
}
inline Param number(const char* name, const char* fallback, const char* help)
{
    return declare(name, PF_NUMBER, fallback, help);
}
inline Param text(const char* name, const char* fallback, const char* help) { return declare(name, PF_TEXT, fallback, help); }
inline Param path(const char* name, const char* help) { return declare(name, PF_PATH, nullptr, help); }

/// The pixels of a layer, where they lie.
class View {
public:
    explicit View(const pf_image& image) : image_(image) {}

    const pf_window& data() const noexcept { return image_.data; }
    const pf_window& display() const noexcept { return image_.display; }
    int width() const noexcept { return image_.data.x1 - image_.data.x0; }
    int height() const noexcept { return image_.data.y1 - image_.data.y0; }
    int channel_count() const noexcept { return static_cast<int>(image_.channel_count); }
    const char* const* channels() const noexcept { return image_.channels; }

    std::optional<int> channel(const std::string& name) const
    {
        for (std::uint32_t c = 0; c < image_.channel_count; ++c)
            if (name == image_.channels[c])
                return static_cast<int>(c);
        return std::nullopt;
    }

    /// Inside the data window only. Of a layer that is read: not to be written.
    float& at(int x, int y, int channel) const noexcept
    {
        return image_.pixels[(y - image_.data.y0) * image_.row_stride + (x - image_.data.x0) * image_.pixel_stride
                             + channel * image_.channel_stride];
    }

private:
    pf_image image_;
};

class Call {
public:
    Call(const pf_host* host, pf_call* call) : host_(host), call_(call) {}

    void log(const std::string& message) { host_->log(call_, message.c_str()); }
    void warn(const std::string& message) { host_->warn(call_, message.c_str()); }

    /// Throws Stopped when the render is to stop.
    void progress(double fraction, const std::string& doing)
    {
        if (host_->progress(call_, fraction, doing.c_str()) != 0)
            throw Stopped();
    }

protected:
    const pf_host* host_;
    pf_call* call_;
};

/// What a stage's constructor is given.
class Setup : public Call {
public:
    using Call::Call;

    bool has(const char* param) const { return host_->has(call_, param) != 0; }
    bool flag(const char* param) const { return host_->flag(call_, param) != 0; }
    std::int64_t integer(const char* param) const { return host_->integer(call_, param); }
    double number(const char* param) const { return host_->number(call_, param); }
    std::string text(const char* param) const { return host_->text(call_, param); }
    std::vector<double> numbers(const char* param) const
    {
        const double* first = host_->numbers(call_, param);
        return {first, first + host_->count(call_, param)};
    }
    std::vector<std::string> texts(const char* param) const
    {
        const char* const* first = host_->texts(call_, param);
        return {first, first + host_->count(call_, param)};
    }
    const pf_shot& shot() const { return *host_->shot(call_); }

    void reads(const std::string& layer) { host_->reads(call_, layer.c_str(), 0); }
    void reads_if_there(const std::string& layer) { host_->reads(call_, layer.c_str(), 1); }
    void writes(const std::string& layer) { host_->writes(call_, layer.c_str()); }
    void prepares(const std::vector<std::int32_t>& frames) { host_->prepares(call_, frames.data(), frames.size()); }
};

class Layers : public Call {
public:
    using Call::Call;

    bool has(const std::string& layer) const { return host_->layer(call_, layer.c_str()) != nullptr; }
    View layer(const std::string& name) const
    {
        const pf_image* image = host_->layer(call_, name.c_str());
        if (!image)
            throw Failure("the frame has no layer '" + name + "'");
        return View(*image);
    }
};

/// What process() is given.
class Frame : public Layers {
public:
    Frame(const pf_host* host, pf_call* call, int number) : Layers(host, call), number_(number) {}

    int number() const noexcept { return number_; }

    /// A new layer, all zero.
    View add(const std::string& name, const pf_window& data, const pf_window& display,
             const std::vector<const char*>& channels)
    {
        return added(host_->add(call_, name.c_str(), &data, &display, static_cast<std::uint32_t>(channels.size()),
                                channels.data()));
    }

    /// The same with the windows and channels of another.
    View add_like(const std::string& name, const View& other)
    {
        return added(host_->add(call_, name.c_str(), &other.data(), &other.display(),
                                static_cast<std::uint32_t>(other.channel_count()), other.channels()));
    }

private:
    static View added(const pf_image* image)
    {
        if (!image)
            throw Stopped();
        return View(*image);
    }

    int number_;
};

/// What prepare() is given.
class Preparation : public Layers {
public:
    using Layers::Layers;

    /// Makes a frame the one that layer() speaks of.
    void frame(int number)
    {
        if (host_->frame(call_, number) == 0)
            throw Stopped();
    }
};

namespace detail {

/// Runs a part of the stage; what it throws becomes the call's failure.
template <typename Part>
int guarded(const pf_host* host, pf_call* call, const Part& part) noexcept
{
    try {
        part();
        return 0;
    } catch (const Stopped&) {
        return 1;
    } catch (const Failure& failure) {
        host->fail(call, failure.param().empty() ? nullptr : failure.param().c_str(), failure.what());
    } catch (const std::exception& error) {
        host->fail(call, nullptr, error.what());
    } catch (...) {
        host->fail(call, nullptr, "something was thrown that is no std::exception");
    }
    return 1;
}

template <typename S>
pf_stage describe()
{
    static const std::vector<Param> params = S::params();
    pf_stage stage{};
    stage.size = sizeof stage;
    stage.summary = S::summary;
    stage.version = S::version;
    stage.params = params.data();
    stage.param_count = static_cast<std::uint32_t>(params.size());
    stage.create = [](const pf_host* host, pf_call* call, void** made) {
        return guarded(host, call, [&] {
            Setup setup(host, call);
            *made = new S(setup);
        });
    };
    stage.destroy = [](void* made) { delete static_cast<S*>(made); };
    stage.process = [](void* made, const pf_host* host, pf_call* call, std::int32_t number) {
        return guarded(host, call, [&] {
            Frame frame(host, call, number);
            static_cast<const S*>(made)->process(frame);
        });
    };
    if constexpr (requires(S& s, Preparation& shot) { s.prepare(shot, std::filesystem::path()); }) {
        stage.prepare = [](void* made, const pf_host* host, pf_call* call, const char* folder) {
            return guarded(host, call, [&] {
                Preparation shot(host, call);
                static_cast<S*>(made)->prepare(shot, std::filesystem::path(folder));
            });
        };
        stage.prepared = [](void* made, const pf_host* host, pf_call* call, const char* folder) {
            return guarded(host, call, [&] { static_cast<S*>(made)->prepared(std::filesystem::path(folder)); });
        };
    }
    return stage;
}

}  // namespace detail
}  // namespace pf

/// Exports the class as the plug-in's stage.
#define PF_STAGE(Class)                                            \
    PF_ENTRY(void)                                                 \
    {                                                              \
        static const pf_stage stage = pf::detail::describe<Class>(); \
        return &stage;                                             \
    }
