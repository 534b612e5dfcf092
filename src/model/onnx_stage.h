/// A neural model as a stage.
#pragma once

#include <platefall/stage.h>

#include <filesystem>

namespace platefall::model {

/// The stage "onnx:FILENAME": takes the pixels that a matte covers from a model. It writes the layer that `name` says:
/// that of `layer`, with R G B (or Y) mixed with the model's by the matte, and every pixel where the matte is 0 the
/// same bits; and beside it, one channel, by how much (generated_layer()). Its fingerprint is that of the model's content.
///
/// Throws Error when the file is missing or is no ONNX model, or when platefall was built without ONNX Runtime. Making
/// the stage throws Error when the model does not take what the parameters say.
StageType onnx_stage(const std::filesystem::path& model_file);

}  // namespace platefall::model
