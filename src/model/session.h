/// A neural network in a file, ready to run. Behind this header stands ONNX Runtime, or its absence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace platefall::model {

using Dims = std::vector<std::int64_t>;   ///< of a tensor, outermost first; -1: any

enum class Element { float32, float16, uint8, other };

/// What a model says of one of its inputs or outputs.
struct TensorInfo {
    std::string name;
    Element element = Element::float32;
    std::string element_name;   ///< as people write it: "float", "uint8", "int64"
    Dims dims;
};

/// "'image' float[1,3,?,?]"
std::string describe(const TensorInfo& tensor);

/// "'image' float[1,3,?,?] and 'mask' float[1,1,?,?]"
std::string describe(const std::vector<TensorInfo>& tensors);

/// Numbers in the order of `dims`, the last one running fastest; converted to and from the model's own element type.
struct Tensor {
    Dims dims;
    std::vector<float> values;
};

class Session {
public:
    virtual ~Session() = default;

    virtual const std::string& name() const = 0;   ///< the file's, for messages
    virtual const std::vector<TensorInfo>& inputs() const = 0;
    virtual const std::vector<TensorInfo>& outputs() const = 0;

    /// One run on the calling thread alone, so that sums never depend on how many threads there are; any number may
    /// run at once. Numbers for a uint8 input are rounded and clamped. Throws Error when the model fails.
    virtual Tensor run(const std::map<std::string, Tensor>& inputs, const std::string& output) const = 0;
};

/// Opens a model; all who ask for the same content share one session for as long as any of them holds it. Throws
/// Error when the file cannot be read or is no ONNX model, and, where platefall was built without ONNX Runtime, one
/// that says how to get it.
std::shared_ptr<const Session> open_session(const std::filesystem::path& file);

/// The files a model consists of: itself and, where there is one, FILE.data or FILE_data with its weights.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& file);

/// Of the content of all of them: 32 hex digits. Throws Error when one cannot be read.
std::string content_digest(const std::filesystem::path& file);

}  // namespace platefall::model
