#include "model/session.h"

#include "base/hash.h"

#include <fmt/format.h>

namespace platefall::model {

std::string describe(const TensorInfo& tensor)
{
    std::string dims;
    for (const std::int64_t dim : tensor.dims)
        dims += (dims.empty() ? "" : ",") + (dim < 0 ? std::string("?") : std::to_string(dim));
    return fmt::format("'{}' {}[{}]", tensor.name, tensor.element_name, dims);
}

std::string describe(const std::vector<TensorInfo>& tensors)
{
    std::string text;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        text += (i == 0 ? "" : i + 1 == tensors.size() ? " and " : ", ") + describe(tensors[i]);
    return text.empty() ? "none" : text;
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& file)
{
    std::vector<std::filesystem::path> files{file};
    for (const char* ending : {".data", "_data"}) {   // as PyTorch and the onnx package name them
        std::filesystem::path weights = file;
        weights += ending;
        if (std::error_code none; std::filesystem::exists(weights, none))
            files.push_back(std::move(weights));
    }
    return files;
}

std::string content_digest(const std::filesystem::path& file)
{
    const auto files = files_of(file);
    if (files.size() == 1)
        return hash_file(file).hex();
    Hasher hasher;
    for (const std::filesystem::path& part : files)
        hasher.digest(hash_file(part));
    return hasher.result().hex();
}

}  // namespace platefall::model
