#include "shot/shot_output.h"

#include "shot/sections_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>

namespace platefall {
namespace {

constexpr std::string_view kLayerField = "{layer}";

/// A proxy is written into a folder of its own beside the finals.
std::filesystem::path beside_finals(const std::filesystem::path& path, int proxy)
{
    if (proxy <= 1)
        return path;
    return path.parent_path() / fmt::format("proxy{}", proxy) / path.filename();
}

std::filesystem::path fill_layer_field(const SequencePath& aov_path, const std::string& layer)
{
    std::string path = aov_path.pattern().string();
    for (std::size_t at = path.find(kLayerField); at != std::string::npos;
         at = path.find(kLayerField, at + layer.size()))
        path.replace(at, kLayerField.size(), layer);
    return path;
}

/// Whether two sequences name the same files, however they are spelled.
bool same_files(const SequencePath& a, const SequencePath& b, const std::vector<int>& frames)
{
    const auto real = [](const std::filesystem::path& path) {
        std::error_code unreachable;
        const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, unreachable);
        return unreachable ? path.lexically_normal() : canonical;
    };
    if (real(a.pattern()) == real(b.pattern()))
        return true;
    return !frames.empty() && real(a.at(frames.front())) == real(b.at(frames.front()));
}

/// The text as it stands in the manifest, right or wrong; "" when it is not there or no text.
std::string written_text(const Manifest& manifest, const std::string& section, const std::string& key)
{
    const ParamEntry* entry = manifest.root.find(section);
    const auto* table = entry ? std::get_if<ParamTable>(&entry->value.data) : nullptr;
    const ParamEntry* found = table ? table->find(key) : nullptr;
    const auto* text = found ? std::get_if<std::string>(&found->value.data) : nullptr;
    return text ? *text : "";
}

/// Reads and checks [output]; each member function is one thought.
class OutputReader {
public:
    OutputReader(const Params& params, const Shot& shot, Faults& faults)
        : params_(params), shot_(shot), faults_(faults)
    {
    }

    Output read()
    {
        Output output;
        output.params = params_;
        output.type = params_.text("type") == "float" ? ChannelType::full_float : ChannelType::half_float;
        output.window = window();
        output.layer = params_.text("layer");
        output.file.compression = params_.text("compression");
        output.file.tile_px = static_cast<int>(params_.integer("tile"));
        output.file.quality = quality();
        output.aovs = aovs();
        output.movie = movie();

        const std::optional<SequencePath> path = sequence("path");
        output.aov_path = sequence("aov_path");
        if (output.aov_path && fill_layer_field(*output.aov_path, "") == output.aov_path->pattern())
            refuse("aov_path", "'aov_path' must have '{layer}' in its name, which stands for the layer");
        if (path)
            refuse_to_overwrite_plate(*path, "path", "output.path would overwrite the plate");
        if (output.aov_path)
            refuse_colliding_aovs(output, path);

        if (path)
            output.path = SequencePath(beside_finals(path->pattern(), shot_.info.proxy));
        if (output.aov_path)
            output.aov_path = SequencePath(beside_finals(output.aov_path->pattern(), shot_.info.proxy));
        return output;
    }

private:
    void refuse(const char* name, const std::string& message, const std::string& hint = {})
    {
        faults_.add(params_.error(name, message, hint));
    }

    OutputWindow window() const
    {
        const std::string& name = params_.text("window");
        if (name == "all")
            return OutputWindow::all;
        return name == "display" ? OutputWindow::display : OutputWindow::plate;
    }

    std::optional<float> quality()
    {
        if (!params_.has("quality"))
            return std::nullopt;
        const std::string& compression = params_.text("compression");
        const std::string written = written_text(shot_.manifest, "output", "compression");
        const bool is_another_fault = !written.empty() && written != compression;
        if (!compression.starts_with("dwa") && !is_another_fault)
            refuse("quality", "'quality' is for compression 'dwaa' and 'dwab' only (compression is '"
                                  + compression + "')");
        return static_cast<float>(params_.number("quality"));
    }

    std::vector<std::string> aovs()
    {
        std::vector<std::string> names;
        for (const std::string& name : params_.texts("aovs")) {
            if (!is_plain_name(name, "_.-"))
                refuse("aovs", "no layer has the name '" + name + "' that 'aovs' holds",
                       "letters, digits, '_', '.' and '-' only");
            else if (std::find(names.begin(), names.end(), name) != names.end())
                refuse("aovs", "'aovs' holds '" + name + "' twice");
            else
                names.push_back(name);
        }
        return names;
    }

    std::filesystem::path movie()
    {
        if (!params_.has("movie"))
            return {};
        const std::filesystem::path path = params_.path("movie");
        if (path.extension() != ".mp4" && path.extension() != ".mov")
            refuse("movie", "'movie' must end in '.mp4' or '.mov' (is '" + path.filename().string() + "')");
        return beside_finals(path, shot_.info.proxy);
    }

    /// An EXR sequence, or one file if the shot has but one frame.
    std::optional<SequencePath> sequence(const char* name)
    {
        if (!params_.has(name))
            return std::nullopt;
        const std::filesystem::path path = params_.path(name);
        const std::string quoted = std::string("'") + name + "'";
        if (path.extension() != ".exr") {
            refuse(name, quoted + " must end in '.exr' (is '" + path.filename().string() + "')");
            return std::nullopt;
        }
        std::optional<SequencePath> result;
        try {
            result.emplace(path);
        } catch (const Error& error) {
            refuse(name, error.what());
            return std::nullopt;
        }
        if (result->is_still() && shot_.info.frames.size() > 1)
            refuse(name,
                   fmt::format("{} needs a frame number, since the shot has {} frames", quoted,
                               shot_.info.frames.size()),
                   "for example '" + path.stem().string() + ".####.exr'");
        return result;
    }

    void refuse_to_overwrite_plate(const SequencePath& path, const char* name, const std::string& message)
    {
        if (shot_.plate && same_files(path, shot_.plate->path(), shot_.info.frames))
            refuse(name, message, "choose another folder or name");
    }

    void refuse_colliding_aovs(const Output& output, const std::optional<SequencePath>& path)
    {
        for (const std::string& aov : output.aovs) {
            const SequencePath aov_path(fill_layer_field(*output.aov_path, aov));
            refuse_to_overwrite_plate(aov_path, "aov_path", "output.aov_path would overwrite the plate");
            if (path && same_files(aov_path, *path, shot_.info.frames))
                refuse("aov_path",
                       "output.aov_path and output.path are the same file for layer '" + aov + "'",
                       "choose another folder or name");
        }
    }

    const Params& params_;
    const Shot& shot_;
    Faults& faults_;
};

}  // namespace

Output read_output(const Params& params, const Shot& shot, Faults& faults)
{
    return OutputReader(params, shot, faults).read();
}

}  // namespace platefall
