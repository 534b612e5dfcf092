#include "model/session.h"

#include "base/hash.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace platefall::model {
namespace {

Element element_of(ONNXTensorElementDataType type)
{
    switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: return Element::float32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16: return Element::float16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8: return Element::uint8;
    default: return Element::other;   // a dozen more, and every version of the library adds some
    }
}

std::string name_of(ONNXTensorElementDataType type)
{
    switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: return "float";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16: return "float16";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8: return "uint8";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: return "int32";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64: return "int64";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE: return "double";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL: return "bool";
    default: return "elements of another type ";
    }
}

TensorInfo info_of(std::string name, const Ort::TypeInfo& type)
{
    TensorInfo info{.name = std::move(name), .element = Element::other, .element_name = "no tensor ", .dims = {}};
    if (type.GetONNXType() != ONNX_TYPE_TENSOR)
        return info;
    const auto shape = type.GetTensorTypeAndShapeInfo();
    info.element = element_of(shape.GetElementType());
    info.element_name = name_of(shape.GetElementType());
    info.dims = shape.GetShape();
    for (std::int64_t& dim : info.dims)
        dim = std::max<std::int64_t>(dim, -1);
    return info;
}

/// A value that the runtime owns, filled with numbers of its element type.
Ort::Value value_of(const Tensor& tensor, Element element, Ort::AllocatorWithDefaultOptions& allocator)
{
    const auto make = [&]<class T>(ONNXTensorElementDataType type, auto&& convert) {
        Ort::Value value = Ort::Value::CreateTensor(allocator, tensor.dims.data(), tensor.dims.size(), type);
        std::ranges::transform(tensor.values, value.GetTensorMutableData<T>(), convert);
        return value;
    };
    switch (element) {
    case Element::float32:
        return make.operator()<float>(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, [](float x) { return x; });
    case Element::float16:
        return make.operator()<Ort::Float16_t>(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, [](float x) { return Ort::Float16_t(x); });
    case Element::uint8:
        return make.operator()<std::uint8_t>(ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, [](float x) {
            return static_cast<std::uint8_t>(std::lround(std::clamp(x, 0.0f, 255.0f)));
        });
    case Element::other: break;
    }
    throw std::logic_error("a tensor of an element type that is not supported");
}

Tensor tensor_of(const Ort::Value& value)
{
    const auto shape = value.GetTensorTypeAndShapeInfo();
    Tensor tensor{.dims = shape.GetShape(), .values = std::vector<float>(shape.GetElementCount())};
    const auto take = [&]<class T>(auto&& convert) {
        std::transform(value.GetTensorData<T>(), value.GetTensorData<T>() + tensor.values.size(), tensor.values.begin(), convert);
    };
    switch (element_of(shape.GetElementType())) {
    case Element::float32: take.operator()<float>([](float x) { return x; }); break;
    case Element::float16: take.operator()<Ort::Float16_t>([](const Ort::Float16_t& x) { return x.ToFloat(); }); break;
    case Element::uint8: take.operator()<std::uint8_t>([](std::uint8_t x) { return static_cast<float>(x); }); break;
    case Element::other: throw std::logic_error("a tensor of an element type that is not supported");
    }
    return tensor;
}

Ort::SessionOptions options()
{
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(1);   // frames and tiles run side by side instead, and no sum depends on it
    options.SetInterOpNumThreads(1);
    options.SetExecutionMode(ORT_SEQUENTIAL);
    options.SetDeterministicCompute(true);
    options.SetLogSeverityLevel(ORT_LOGGING_LEVEL_FATAL);   // what goes wrong is thrown
    return options;
}

class OnnxSession final : public Session {
public:
    explicit OnnxSession(const std::filesystem::path& file)
        : name_(file.filename().string()), environment_(ORT_LOGGING_LEVEL_FATAL, "platefall"),
          session_(environment_, file.c_str(), options())
    {
        Ort::AllocatorWithDefaultOptions allocator;
        for (std::size_t i = 0; i < session_.GetInputCount(); ++i)
            inputs_.push_back(info_of(session_.GetInputNameAllocated(i, allocator).get(), session_.GetInputTypeInfo(i)));
        for (std::size_t i = 0; i < session_.GetOutputCount(); ++i)
            outputs_.push_back(info_of(session_.GetOutputNameAllocated(i, allocator).get(), session_.GetOutputTypeInfo(i)));
    }

    const std::string& name() const override { return name_; }
    const std::vector<TensorInfo>& inputs() const override { return inputs_; }
    const std::vector<TensorInfo>& outputs() const override { return outputs_; }

    Tensor run(const std::map<std::string, Tensor>& inputs, const std::string& output) const override
    try {
        Ort::AllocatorWithDefaultOptions allocator;
        std::vector<const char*> names;
        std::vector<Ort::Value> values;
        for (const TensorInfo& info : inputs_) {
            names.push_back(info.name.c_str());
            values.push_back(value_of(inputs.at(info.name), info.element, allocator));
        }
        const char* wanted = output.c_str();
        const auto results = session_.Run(Ort::RunOptions(nullptr), names.data(), values.data(), values.size(), &wanted, 1);
        return tensor_of(results.front());
    } catch (const Ort::Exception& exception) {
        throw Error(fmt::format("model '{}' failed: {}", name_, exception.what()));
    }

private:
    std::string name_;
    Ort::Env environment_;
    mutable Ort::Session session_;   // Run() may be called by many threads at once
    std::vector<TensorInfo> inputs_, outputs_;
};

std::shared_ptr<const Session> open_new(const std::filesystem::path& file)
try {
    return std::make_shared<OnnxSession>(file);
} catch (const Ort::Exception& exception) {
    if (exception.GetOrtErrorCode() == ORT_INVALID_PROTOBUF)
        throw Error(fmt::format("'{}' is not an ONNX model", file.string()));
    throw Error(fmt::format("'{}' cannot be used as an ONNX model: {}", file.string(), exception.what()));
}

}  // namespace

std::shared_ptr<const Session> open_session(const std::filesystem::path& file)
{
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<const Session>> open;   // one a content, whatever it is called

    const std::string digest = content_digest(file);
    const std::lock_guard lock(mutex);
    if (auto session = open[digest].lock())
        return session;
    auto session = open_new(file);
    open[digest] = session;
    return session;
}

}  // namespace platefall::model
