// A plug-in that does whatever goes wrong in practice, on frame 1002, or when it is made.
#include <platefall/plugin.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

namespace {

class Misbehaving {
public:
    static constexpr const char* summary = "Misbehaves.";
    static constexpr int version = 3;

    static std::vector<pf::Param> params()
    {
        return {pf::text("how", "\"not\"", "In which way."), pf::path("file", "A file that it reads."),
                pf::text("note", "\"\"", "A file that it leaves behind when it prepares.")};
    }

    explicit Misbehaving(pf::Setup& setup) : how_(setup.text("how")), note_(setup.text("note"))
    {
        setup.reads("plate");
        setup.writes("comp");
        if (how_ == "refuse")
            throw pf::Failure("nobody may say 'refuse'", "how");
        if (how_ == "misspell")
            setup.number("hwo");
        if (how_ == "prepare")
            setup.prepares({1001, 1003});
    }

    void prepare(pf::Preparation& shot, const std::filesystem::path& folder) const
    {
        std::ofstream(note_, std::ios::app) << "prepared\n";
        double red = 0;
        for (const int frame : {1001, 1003}) {
            shot.frame(frame);
            red += shot.layer("plate").at(0, 0, 0);
            shot.progress(0.5, "looking");
        }
        std::ofstream(folder / "red") << red;
    }

    void prepared(const std::filesystem::path& folder) { std::ifstream(folder / "red") >> red_; }

    void process(pf::Frame& frame) const
    {
        std::printf("{\"id\": 1, \"done\": \"this is not an answer\"}\n");
        std::fflush(stdout);
        const pf::View plate = frame.layer("plate");
        pf::View comp = frame.add_like("comp", plate);
        for (int y = plate.data().y0; y < plate.data().y1; ++y)
            for (int x = plate.data().x0; x < plate.data().x1; ++x)
                for (int c = 0; c < plate.channel_count(); ++c)
                    comp.at(x, y, c) = how_ == "prepare" ? static_cast<float>(red_) : plate.at(x, y, c);
        if (frame.number() == 1002)
            misbehave(frame, comp);
    }

private:
    void misbehave(pf::Frame& frame, pf::View& comp) const
    {
        if (how_ == "throw")
            throw std::runtime_error("the sky is falling");
        if (how_ == "throw a number")
            throw 7;
        if (how_ == "crash") {
            std::fprintf(stderr, "about to crash\n");
            std::raise(SIGSEGV);
        }
        if (how_ == "hang")
            std::this_thread::sleep_for(std::chrono::hours(1));
        if (how_ == "nan")
            comp.at(5, 3, 1) = NAN;
        if (how_ == "garbage")
            frame.add("comp", {0, 0, 1 << 30, 1 << 30}, comp.display(), {"R"});
        if (how_ == "twice")
            frame.add("comp", comp.data(), comp.display(), {"R", "R"});
        if (how_ == "undeclared")
            frame.add("clean", comp.data(), comp.display(), {"R"});
        if (how_ == "warn")
            frame.warn("a cloud is coming");
    }

    std::string how_, note_;
    double red_ = 0;
};

}  // namespace

PF_STAGE(Misbehaving)
