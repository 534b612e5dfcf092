#include "report/page.h"
#include "report/report_page.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace platefall {
namespace {

using nlohmann::json;

std::string cell(const std::string& text)
{
    return "<td>" + (text.empty() ? "<span class=\"bad\">not stated</span>" : escaped(text)) + "</td>";
}

std::string share(const json& origins, const char* name)
{
    return fmt::format("{:.2f} %", 100 * origins.value(name, 0.0));
}

std::string shot_and_version(const json& provenance)
{
    const std::string version = provenance.value("version", "");
    return escaped(provenance.value("shot", "") + (version.empty() ? "" : " " + version));
}

/// What a question is answered with: a fact that the program knows, what a person stated, or that it is open.
struct Question {
    std::string question, fact;
    std::string answer_key;   ///< among the provenance's answers; "" when the fact is the answer
};

std::string in_words(const json& external)
{
    std::string names;
    for (const json& part : external)
        names += (names.empty() ? "" : ", ") + part.value("name", "");
    return names;
}

std::vector<Question> questions(const json& provenance)
{
    const json& external = provenance.at("external");
    const bool alone = external.empty();
    const std::string outside = in_words(external);
    return {
        {"Do the outputs show material that the production does not own?",
         alone ? "All pixels come from the inputs that are listed below, from procedural materials and from simulation. No learned "
                 "model was used."
               : "Besides the inputs that are listed below, code or models from outside took part: " + outside
                     + ". What they were trained on is stated below, or is not.",
         "unowned_material"},
        {"Does any tool keep the inputs, or train on them?",
         alone ? "platefall keeps results in the cache beside the manifest and on no other machine; it has no network code, and "
                 "learns nothing from what it processes."
               : "platefall itself does neither. What " + outside + " does, platefall cannot know.",
         "keeps_inputs"},
        {"Was it done in a secured environment?",
         alone ? "Nothing was sent anywhere by the render. Who had access to the machines, a person must answer."
               : "Stages from outside may use the network: " + outside + ". Who had access to the machines, a person must answer.",
         "secured_environment"},
        {"Are the outputs final or temporary?",
         provenance.value("approval", "") == "final" ? "Final: the manifest says approval = \"final\"."
                                                      : "Temporary: the manifest does not say approval = \"final\".",
         ""},
        {"Was a performer's likeness, voice or performance made or changed?",
         "platefall cannot see who is in a picture. No sound is processed.", "talent"},
    };
}

std::string answers(const json& provenance)
{
    std::string text;
    for (const Question& question : questions(provenance)) {
        text += fmt::format("<h3>{}</h3>\n<p>{}</p>\n", question.question, escaped(question.fact));
        if (question.answer_key.empty())
            continue;
        const std::string stated = provenance.at("answers").value(question.answer_key, "");
        text += stated.empty()
                    ? fmt::format("<p class=\"bad\">Open: a person must answer (provenance.{} in the manifest).</p>\n", question.answer_key)
                    : fmt::format("<p><span class=\"quiet\">Stated:</span> {}</p>\n", escaped(stated));
    }
    return text;
}

std::string origins_table(const json& provenance)
{
    const json& origins = provenance.at("origins");
    if (origins.empty())
        return "<p class=\"bad\">No frame has a record of its making.</p>\n";
    std::string text = "<table><tr><th>pixels of the frames</th><th class=\"number\">mean share</th></tr>\n";
    for (const auto& [name, meaning] : std::initializer_list<std::pair<const char*, const char*>>{
             {"photographed", "as the camera saw them in this frame"},
             {"moved", "photographed in other frames of the plate"},
             {"synthesised", "made up: no frame showed what was there"},
             {"simulated", "debris and dust of the simulation"},
             {"brought", "other elements and stages from outside"}})
        text += fmt::format("<tr><td>{}: {}</td><td class=\"number\">{}</td></tr>\n", name, meaning, share(origins, name));
    return text + "</table>\n<p class=\"quiet\">Per pixel: the channel <code>generated</code> of every frame.</p>\n";
}

std::string stages_table(const json& provenance)
{
    std::string text = "<table><tr><th>stage</th><th>version</th><th>what it does</th><th>seed</th></tr>\n";
    for (const json& stage : provenance.at("stages"))
        text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", escaped(stage.value("name", "")),
                            stage.value("version", 0), escaped(stage.value("summary", "")),
                            stage.contains("seed") ? stage["seed"].dump() : "");
    return text + "</table>\n";
}

std::string external_table(const json& provenance)
{
    if (provenance.at("external").empty())
        return "<p>None: no code or model from outside took part.</p>\n";
    std::string text = "<table><tr><th>code or model</th><th>content</th><th>licence</th><th>training data</th><th>source</th></tr>\n";
    for (const json& part : provenance.at("external"))
        text += fmt::format("<tr><td>{}</td><td><code>{}</code></td>{}{}{}</tr>\n", escaped(part.value("name", "")),
                            escaped(part.value("content", "")), cell(part.value("licence", "")),
                            cell(part.value("training_data", "")), cell(part.value("source", "")));
    return text + "</table>\n";
}

/// Every file once, with the digest of its content.
std::string inputs_table(const json& provenance)
{
    std::map<std::string, std::string> inputs;
    for (const json& frame : provenance.at("frames"))
        for (const json& input : frame.value("inputs", json::array()))
            inputs[input.value("path", "")] = input.value("content", "");
    std::string text = fmt::format("<details><summary>{} files</summary>\n<table>\n", inputs.size());
    for (const auto& [path, content] : inputs)
        text += fmt::format("<tr><td>{}</td><td><code>{}</code></td></tr>\n", escaped(path),
                            content.empty() ? "was not there" : escaped(content));
    return text + "</table>\n</details>\n";
}

}  // namespace

std::string disclosure_page(const json& provenance)
{
    const auto text = [&](const char* key) { return escaped(provenance.value(key, "")); };
    const json& manifest = provenance.at("manifest");
    const std::string body = fmt::format(
        "<h1>{}: how it was made</h1>\n<p class=\"quiet\">{} · platefall {} · {} · <code>{} {}</code></p>\n"
        "<h2>Questions</h2>\n{}<h2>What was photographed and what was not</h2>\n{}<h2>Stages</h2>\n{}"
        "<h2>Code and models from outside</h2>\n{}<h2>Inputs</h2>\n{}",
        shot_and_version(provenance), text("written"), text("platefall"),
        text("operator").empty() ? "operator not stated" : text("operator"), escaped(manifest.value("file", "")),
        escaped(manifest.value("content", "")), answers(provenance), origins_table(provenance), stages_table(provenance),
        external_table(provenance), inputs_table(provenance));
    return html({.title = provenance.value("shot", "") + " · disclosure",
                 .body = body,
                 .style = "h3 { font-size: 15px; margin: 16px 0 2px; }\n"});
}

}  // namespace platefall
