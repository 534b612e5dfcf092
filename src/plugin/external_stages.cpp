#include "plugin/external_stages.h"

#include "base/hash.h"
#include "model/onnx_stage.h"
#include "model/session.h"
#include "plugin/library_host.h"
#include "plugin/process_stage.h"
#include "stage/external_file.h"

#include <fmt/format.h>

namespace platefall::plugin {
namespace fs = std::filesystem;
namespace {

constexpr double kTimeLimit_s = 600;

ParamSpec time_limit()
{
    return param::number("time_limit", kTimeLimit_s, "How long it may say nothing, before it is ended and the frame fails.")
        .in("s")
        .between(0.1, 1e6);
}

ParamSpecs own_params(const std::string& kind)
{
    if (kind == "exec")
        return {param::texts("arguments", "What the program is started with. No shell looks at it: each text is one argument."),
                time_limit()};
    return {time_limit()};
}

/// Those of our own parameters that the table has; what is wrong with the others is found later, when they are known.
Params own_values(const std::string& use, const ParamTable& table, const ParamSpecs& own, const fs::path& folder)
{
    ParamTable ours{{}, table.origin};
    for (const ParamSpec& spec : own)
        if (const ParamEntry* entry = table.find(spec.name))
            ours.entries.push_back(*entry);
    Faults faults;
    Params params = Params::check(ours, own, fmt::format("stage '{}'", use), folder, faults);
    faults.throw_if_any();
    return params;
}

void refuse_untrusted(const std::string& use, const fs::path& file, const Trust& trust)
{
    if (trust.allows(file))
        return;
    throw Error(fmt::format("'{}' is '{}', which is not part of platefall, and a manifest alone may not run it; allow it "
                            "with --allow-external, or for good in '{}': allow_external = [\"{}\"]",
                            use, file.string(), Trust::user_file().string(), file.string()));
}

/// Files among the arguments, which a program may run as well as read.
std::vector<fs::path> files_among(const std::vector<std::string>& arguments, const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const std::string& argument : arguments) {
        std::error_code none;
        if (fs::is_regular_file(folder / argument, none))
            files.push_back(folder / argument);
    }
    return files;
}

/// Called as the manifest calls it.
StageType named(StageType type, const std::string& use)
{
    type.name = use;
    return type;
}

std::string fingerprint_of(const std::vector<fs::path>& files)
{
    if (files.size() == 1)
        return hash_file(files.front()).hex();
    Hasher hasher;
    for (const fs::path& file : files)
        hasher.digest(hash_file(file));
    return hasher.result().hex();
}

void add_parts(const ParamValue& value, const fs::path& manifest_folder, const Trust& trust, std::vector<ExternalPart>& parts)
{
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        const auto [kind, what] = split_external(*text);
        if (kind.empty())
            return;
        const fs::path file = locate(kind, what, manifest_folder);
        refuse_untrusted(*text, file, trust);
        parts.push_back({*text, kind == "onnx" ? model::content_digest(file) : hash_file(file).hex()});
    } else if (const auto* list = std::get_if<ParamValue::List>(&value.data)) {
        for (const ParamValue& element : *list)
            add_parts(element, manifest_folder, trust, parts);
    } else if (const auto* table = std::get_if<ParamTable>(&value.data)) {
        for (const ParamEntry& entry : table->entries)
            add_parts(entry.value, manifest_folder, trust, parts);
    }
}

}  // namespace

std::unique_ptr<StageType> external_stage(const std::string& use, const ParamTable& table, const fs::path& manifest_folder,
                                          const Trust& trust)
{
    const auto [kind, what] = split_external(use);
    const fs::path file = locate(kind, what, manifest_folder);
    refuse_untrusted(use, file, trust);
    if (kind == "onnx")
        return std::make_unique<StageType>(named(model::onnx_stage(file), use));

    const ParamSpecs own = own_params(kind);
    const Params values = own_values(use, table, own, manifest_folder);
    std::vector<fs::path> files{file};
    Peer::Start start{.name = use, .arguments = {file.string()}, .folder = manifest_folder};
    if (kind == "lib") {
        start.arguments = library_host_command(file);
    } else {
        const std::vector<std::string> arguments = values.texts("arguments");
        for (const fs::path& named : files_among(arguments, manifest_folder)) {
            refuse_untrusted(use, named, trust);
            files.push_back(named);
        }
        start.arguments.insert(start.arguments.end(), arguments.begin(), arguments.end());
    }
    start.time_limit_s = values.number("time_limit");
    return std::make_unique<StageType>(
        process_stage(std::make_shared<Peer>(std::move(start)), own, fingerprint_of(files)));
}

std::vector<ExternalPart> external_parts(const ParamTable& table, const fs::path& manifest_folder, const Trust& trust)
{
    std::vector<ExternalPart> parts;
    for (const ParamEntry& entry : table.entries)
        add_parts(entry.value, manifest_folder, trust, parts);
    return parts;
}

}  // namespace platefall::plugin
