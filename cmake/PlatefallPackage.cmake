# `cpack -G DEB` in the build folder makes platefall_VERSION_ARCHITECTURE.deb; `cpack -G TGZ` an archive.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME platefall)
set(CPACK_PACKAGE_CONTACT "The platefall project <platefall@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "makes a building fall down in a film plate")
set(CPACK_PACKAGE_DESCRIPTION "platefall reads a shot manifest, composites the plate, the clean plate and the layers
of a shot, and writes finished EXR frames and a preview movie.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ffmpeg)             # encodes movies; libraries are added by dpkg-shlibdeps
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
if(OnnxRuntime_FOUND)
    cmake_path(GET OnnxRuntime_LIBRARY PARENT_PATH onnxruntime_dir)
    list(APPEND CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${onnxruntime_dir})
endif()
include(CPack)
