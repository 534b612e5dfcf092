# Finds ONNX Runtime: OnnxRuntime_FOUND, OnnxRuntime_LIBRARY and the target OnnxRuntime::OnnxRuntime.
#
# Looked for where OnnxRuntime_ROOT says, in the system, and where `samples/install_packages.sh onnx` puts it, which is
# OnnxRuntime_FETCHED_DIR. A release unpacked anywhere is good: include/onnxruntime_cxx_api.h and lib/libonnxruntime.so.
if(DEFINED ENV{XDG_CACHE_HOME})
    set(OnnxRuntime_FETCHED_DIR $ENV{XDG_CACHE_HOME}/platefall/onnxruntime)
else()
    set(OnnxRuntime_FETCHED_DIR $ENV{HOME}/.cache/platefall/onnxruntime)
endif()

find_path(OnnxRuntime_INCLUDE_DIR onnxruntime_cxx_api.h
    PATHS ${OnnxRuntime_FETCHED_DIR}
    PATH_SUFFIXES include include/onnxruntime include/onnxruntime/core/session onnxruntime onnxruntime/core/session)
find_library(OnnxRuntime_LIBRARY onnxruntime PATHS ${OnnxRuntime_FETCHED_DIR} PATH_SUFFIXES lib)
mark_as_advanced(OnnxRuntime_INCLUDE_DIR OnnxRuntime_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime REQUIRED_VARS OnnxRuntime_LIBRARY OnnxRuntime_INCLUDE_DIR)

if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::OnnxRuntime)
    add_library(OnnxRuntime::OnnxRuntime UNKNOWN IMPORTED GLOBAL)
    set_target_properties(OnnxRuntime::OnnxRuntime PROPERTIES
        IMPORTED_LOCATION ${OnnxRuntime_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${OnnxRuntime_INCLUDE_DIR})
endif()
