#include "pipeline/frame_record.h"

#include "base/files.h"
#include "cache/fingerprints.h"

#include <platefall/version.h>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/utsname.h>

#include <ctime>

namespace platefall {
namespace fs = std::filesystem;
using nlohmann::json;

void to_json(json& to, const FrameRecord::Step& step)
{
    to = {{"name", step.name}, {"seconds", step.seconds}};
}
void from_json(const json& from, FrameRecord::Step& step)
{
    step = {from.at("name"), from.at("seconds")};
}
void to_json(json& to, const FrameRecord::Input& input)
{
    to = {{"path", input.path}, {"content", input.content}};
}
void from_json(const json& from, FrameRecord::Input& input)
{
    input = {from.at("path"), from.at("content")};
}
void to_json(json& to, const Origins& origins)
{
    to = {{"photographed", origins.photographed}, {"moved", origins.moved}, {"synthesised", origins.synthesised},
          {"simulated", origins.simulated}, {"brought", origins.brought}};
}
void from_json(const json& from, Origins& origins)
{
    origins = {from.at("photographed"), from.at("moved"), from.at("synthesised"), from.at("simulated"), from.at("brought")};
}

namespace {

std::string machine_name()
{
    utsname name{};
    return ::uname(&name) == 0 ? name.nodename : "";
}

}  // namespace

std::string time_now()
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

fs::path record_file(const Plan& plan, int frame)
{
    const fs::path picture = plan.shot.output.path.at(frame);
    return picture.parent_path() / fmt::format(".{}.record", picture.filename().string());
}

std::vector<FrameRecord::Input> inputs_of(const Plan& plan, Fingerprints& fingerprints, int frame)
{
    std::vector<InputFile> files{plan.shot.plate->input(frame, "plate", {})};
    for (const PlannedStage& planned : plan.stages)
        for (InputFile& file : planned.stage->inputs(frame))
            files.push_back(std::move(file));
    std::vector<FrameRecord::Input> inputs;
    for (const InputFile& file : files) {
        std::error_code none;
        const bool there = fs::is_regular_file(file.path, none);
        inputs.push_back({file.path.lexically_proximate(plan.shot.manifest.folder).string(),
                          there ? fingerprints.of(file.path).hex() : ""});
    }
    return inputs;
}

std::string as_json(const FrameRecord& record)
{
    const json content{{"frame", record.frame},
                       {"key", record.key},
                       {"rendered", record.rendered},
                       {"version", record.version},
                       {"machine", record.machine},
                       {"steps", record.steps},
                       {"peak_bytes", record.peak_bytes},
                       {"warnings", record.warnings},
                       {"substitutions", record.substitutions},
                       {"origins", record.origins},
                       {"inputs", record.inputs}};
    return content.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

void write_record(const Plan& plan, FrameRecord record)
{
    record.rendered = time_now();
    record.version = PLATEFALL_VERSION;
    record.machine = machine_name();
    write_file_atomically(record_file(plan, record.frame), as_json(record));
}

std::optional<FrameRecord> read_record(const Plan& plan, int frame)
try {
    const json content = json::parse(read_text_file(record_file(plan, frame)));
    FrameRecord record;
    content.at("frame").get_to(record.frame);
    content.at("key").get_to(record.key);
    content.at("rendered").get_to(record.rendered);
    content.at("version").get_to(record.version);
    content.at("machine").get_to(record.machine);
    content.at("steps").get_to(record.steps);
    content.at("peak_bytes").get_to(record.peak_bytes);
    content.at("warnings").get_to(record.warnings);
    content.at("substitutions").get_to(record.substitutions);
    content.at("origins").get_to(record.origins);
    content.at("inputs").get_to(record.inputs);
    return record;
} catch (const json::exception&) {
    return std::nullopt;
} catch (const Error&) {
    return std::nullopt;
}

}  // namespace platefall
