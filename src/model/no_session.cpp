// What stands behind session.h where platefall is built without ONNX Runtime.
#include "model/session.h"

#include <platefall/error.h>

namespace platefall::model {

std::shared_ptr<const Session> open_session(const std::filesystem::path& file)
{
    throw Error("'" + file.string()
                + "' needs ONNX Runtime, and this platefall was built without it; fetch it with "
                  "'samples/install_packages.sh onnx', or unpack a release of it and name its folder with "
                  "-DOnnxRuntime_ROOT=FOLDER, then build again with -DPLATEFALL_ONNX=ON");
}

}  // namespace platefall::model
