/// A stage: one step between the plate and the finished frame. Built-in stages, plug-ins, external processes
/// and neural models all implement this, so the pipeline cannot tell them apart.
#pragma once

#include <platefall/export.h>
#include <platefall/frame.h>
#include <platefall/params.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace platefall {

/// What a stage takes and makes. The plan is checked before the first frame: whatever is read must be the
/// plate or be written by an earlier stage.
struct LayerUse {
    struct Read {
        std::string layer;
        Origin origin;          ///< where the manifest names it, for the error message
        bool optional = false;  ///< used where it is there
    };
    std::vector<Read> reads{};
    std::vector<std::string> writes{};

    /// Results of prepare() that pass from stage to stage as folders of files, not a frame at a time: a simulation.
    std::vector<Read> takes{};
    std::vector<std::string> gives{};
};

/// A file that a stage reads for a frame. Its content is part of the frame's key.
struct InputFile {
    std::filesystem::path path;
    Origin origin;
    std::string substitution;      ///< what it stands in for, "cg 1043 held from 1042"; "" when for itself
};

/// What prepare() may use. Made by the pipeline.
class PLATEFALL_API PrepareContext {
public:
    virtual ~PrepareContext() = default;

    virtual const ShotInfo& shot() const = 0;

    /// The layers of a frame as they stand before this stage. Frames must be among prepare_frames().
    virtual Frame upstream(int frame) const = 0;

    /// The plate alone of one of those frames, as the layer 'plate': for a stage that measures the photograph
    /// and need not wait for what stands before it.
    virtual Frame plate(int frame) const = 0;

    /// Folder of this stage's cached result, named by the key of everything it depends on, or nothing when
    /// there is none yet.
    virtual std::optional<std::filesystem::path> cached() const = 0;

    /// Makes that folder: `fill` writes into an empty temporary folder, which then becomes the result in one
    /// step. When two processes do it at once, the first wins and both go on. Returns the folder.
    virtual std::filesystem::path store(
        const std::function<void(const std::filesystem::path& folder)>& fill) const = 0;

    /// For a result that is made in steps, of which a change redoes only those that it touches: finds or makes the folder of
    /// one step, known by the stage's name and version and by `made_from`, the text of everything that this step depends
    /// on. Otherwise as store().
    virtual std::filesystem::path part(
        const std::string& name, const std::string& made_from,
        const std::function<void(const std::filesystem::path& folder)>& fill) const = 0;

    /// Hands a folder on to the stages after this one, under a name that its LayerUse::gives.
    virtual void give(const std::string& name, const std::filesystem::path& folder) const = 0;

    /// The folder that a stage before this one gave; nothing when none did. `name` is among its LayerUse::takes.
    virtual std::optional<std::filesystem::path> taken(const std::string& name) const = 0;

    /// Says how far it is, 0..1; throws Interrupted when the render is to stop.
    virtual void progress(double fraction, const std::string& doing) const = 0;
};

class PLATEFALL_API Stage {
public:
    virtual ~Stage() = default;

    virtual LayerUse layers() const = 0;

    /// The files it will read for a frame.
    virtual std::vector<InputFile> inputs(int /*frame*/) const { return {}; }

    /// The files that process() itself writes for a frame, each whole or not at all. A frame that lacks one of them is not done.
    virtual std::vector<std::filesystem::path> written_files(int /*frame*/) const { return {}; }

    /// Looks at what process() will need for a frame without reading pixels: layers, channels and sizes of the
    /// inputs that exist. Throws Error. `platefall check` calls it for every frame, many at once.
    virtual void check(int /*frame*/) const {}

    /// The frames that prepare() reads through upstream(); their inputs are part of every frame's key.
    virtual std::vector<int> prepare_frames() const { return {}; }

    /// Called once, before any process(). Work that is worth keeping goes into the context's store.
    virtual void prepare(const PrepareContext& /*context*/) {}

    /// Adds layers to the frame. Called for many frames at once. The result must depend on nothing but the
    /// parameters, the frame's inputs and what prepare() made: not on time, threads or other frames.
    virtual void process(Frame& frame) const = 0;

    /// Memory that process() needs at its peak beyond the layers themselves.
    virtual std::size_t scratch_bytes() const { return 0; }
};

/// How a stage is known and made.
struct StageType {
    std::string name;        ///< as in `use = "name"`
    std::string summary;     ///< one sentence
    int version = 1;         ///< raised whenever the same input would give another result
    ParamSpecs params;
    std::function<std::unique_ptr<Stage>(const Params& params, const ShotInfo& shot)> make;

    /// Of the code or the model when that is not part of the program: a digest of its content, 32 hex digits. Part of every
    /// frame's key, and written into the frame.
    std::string fingerprint{};
};

/// The stages there are, in the order they were added.
class PLATEFALL_API StageRegistry {
public:
    /// Throws std::logic_error when the name is taken.
    void add(StageType type);
    const StageType* find(std::string_view name) const noexcept;
    const std::vector<StageType>& all() const noexcept { return types_; }

    /// Makes the stage. Throws Error from its constructor, and std::logic_error if it declares a parameter
    /// that it never reads.
    std::unique_ptr<Stage> make(const StageType& type, const Params& params, const ShotInfo& shot) const;

private:
    std::vector<StageType> types_;
};

}  // namespace platefall
