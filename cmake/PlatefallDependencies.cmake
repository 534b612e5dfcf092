# Everything that comes from outside. All of it is packaged by Debian 12; samples/install_packages.sh has the
# package names.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
set(CMAKE_MESSAGE_LOG_LEVEL WARNING)       # Imath's package complains of a Python library that nobody here uses
find_package(OpenImageIO REQUIRED)
find_package(Imath REQUIRED)
find_package(OpenEXR REQUIRED)
unset(CMAKE_MESSAGE_LOG_LEVEL)
find_package(TBB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)

# Debian 12 puts OpenColorIO's CMake package where CMake does not look, with a wrong prefix inside.
pkg_check_modules(OPENCOLORIO REQUIRED IMPORTED_TARGET GLOBAL OpenColorIO)
add_library(OpenColorIO::OpenColorIO ALIAS PkgConfig::OPENCOLORIO)
find_package(Eigen3 REQUIRED NO_MODULE)

# Bullet's CMake package is its float build; mixing the two is an error that no compiler sees.
pkg_check_modules(BULLET REQUIRED IMPORTED_TARGET GLOBAL bullet-float64)

find_path(VORO_INCLUDE_DIR voro++/voro++.hh REQUIRED)
find_library(VORO_LIBRARY voro++ REQUIRED)
add_library(voro::voro UNKNOWN IMPORTED GLOBAL)
set_target_properties(voro::voro PROPERTIES
    IMPORTED_LOCATION ${VORO_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${VORO_INCLUDE_DIR})

# Debian's FindOpenVDB asks for every codec and for Boost's compiled parts.
find_path(OPENVDB_INCLUDE_DIR openvdb/openvdb.h REQUIRED)
find_library(OPENVDB_LIBRARY openvdb REQUIRED)
add_library(openvdb::openvdb UNKNOWN IMPORTED GLOBAL)
set_target_properties(openvdb::openvdb PROPERTIES
    IMPORTED_LOCATION ${OPENVDB_LIBRARY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${OPENVDB_INCLUDE_DIR})

find_package(embree 3 REQUIRED)

find_package(assimp REQUIRED)
set_target_properties(assimp::assimp PROPERTIES IMPORTED_GLOBAL TRUE)

# Debian keeps OpenCVConfig.cmake in libopencv-dev, which brings every module, a GUI and VTK: 80 packages more than
# the libraries named here.
find_path(OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(part core imgproc flann features2d calib3d)
    find_library(OPENCV_${part}_LIBRARY opencv_${part} REQUIRED)
    add_library(opencv_${part} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(opencv_${part} PROPERTIES
        IMPORTED_LOCATION ${OPENCV_${part}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE_DIR})
endforeach()

# Not packaged by Debian 12; `samples/install_packages.sh onnx` fetches it. Without it, stages that need a model say so.
if(PLATEFALL_ONNX STREQUAL ON)
    find_package(OnnxRuntime REQUIRED)
elseif(NOT PLATEFALL_ONNX STREQUAL OFF)
    find_package(OnnxRuntime QUIET)
endif()
if(OnnxRuntime_FOUND)
    message(STATUS "ONNX Runtime: ${OnnxRuntime_LIBRARY}")
else()
    message(STATUS "ONNX Runtime: none, so neural models cannot be used (samples/install_packages.sh onnx fetches it)")
endif()
