# What `cmake --install` puts where, and the package that find_package(platefall) finds.
include(CMakePackageConfigHelpers)

install(TARGETS platefall_program)
install(TARGETS platefall EXPORT platefallTargets RUNTIME_DEPENDENCY_SET libraries)

# ONNX Runtime comes along, for platefall alone, unless the system has it.
if(OnnxRuntime_FOUND)
    install(RUNTIME_DEPENDENCY_SET libraries
        PRE_INCLUDE_REGEXES onnxruntime PRE_EXCLUDE_REGEXES . POST_EXCLUDE_REGEXES ^/lib ^/usr/lib
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/platefall)
    install(FILES ${OnnxRuntime_FETCHED_DIR}/LICENSE ${OnnxRuntime_FETCHED_DIR}/ThirdPartyNotices.txt
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/onnxruntime OPTIONAL)
endif()

install(DIRECTORY include/platefall TYPE INCLUDE FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_BINARY_DIR}/include/platefall/version.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/platefall)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/platefall)
configure_package_config_file(cmake/platefallConfig.cmake.in ${PROJECT_BINARY_DIR}/platefallConfig.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/platefallConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(EXPORT platefallTargets NAMESPACE platefall:: DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/platefallConfig.cmake ${PROJECT_BINARY_DIR}/platefallConfigVersion.cmake
    DESTINATION ${package_dir})

install(DIRECTORY ${PROJECT_BINARY_DIR}/share/ DESTINATION ${CMAKE_INSTALL_DATADIR})
install(FILES LICENSE README.md TYPE DOC)
install(DIRECTORY docs TYPE DOC)
if(PLATEFALL_SAMPLES)
    install(DIRECTORY samples/street DESTINATION ${CMAKE_INSTALL_DATADIR}/platefall/samples
        PATTERN out EXCLUDE PATTERN .platefall EXCLUDE)
endif()
install(DIRECTORY samples/plugins DESTINATION ${CMAKE_INSTALL_DATADIR}/platefall/samples USE_SOURCE_PERMISSIONS
    PATTERN __pycache__ EXCLUDE)
