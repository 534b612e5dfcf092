// Linked with what stands behind session.h in a build without ONNX Runtime, whatever this build has.
#include "model/session.h"

#include "support/error_text.h"

#include <gtest/gtest.h>

namespace platefall::model {
namespace {

TEST(WithoutOnnxRuntime, AModelIsRefusedWithTheWayToGetIt)
{
    EXPECT_EQ(test::error_of([] { open_session("lama.onnx"); }),
              "'lama.onnx' needs ONNX Runtime, and this platefall was built without it; fetch it with "
              "'samples/install_packages.sh onnx', or unpack a release of it and name its folder with "
              "-DOnnxRuntime_ROOT=FOLDER, then build again with -DPLATEFALL_ONNX=ON");
}

}  // namespace
}  // namespace platefall::model
