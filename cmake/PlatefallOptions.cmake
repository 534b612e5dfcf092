# What a builder may choose, and the flags that every target shares.
option(PLATEFALL_TESTS "Build the tests and benchmarks" ON)
option(PLATEFALL_SAMPLES "Install the sample shot as well" OFF)
option(PLATEFALL_WERROR "Treat warnings as errors" OFF)
set(PLATEFALL_ONNX AUTO CACHE STRING "Neural models through ONNX Runtime: ON, OFF, or AUTO: where it is found")
set_property(CACHE PLATEFALL_ONNX PROPERTY STRINGS AUTO ON OFF)
set(PLATEFALL_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=: address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})   # an installed tree may be moved

# The same bits everywhere: no contraction into FMA, no reassociation.
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wshadow -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    add_compile_options(-Wno-restrict)       # false alarms about "text" + std::string, GCC bug 105651
endif()
if(PLATEFALL_WERROR)
    add_compile_options(-Werror)
endif()
if(PLATEFALL_SANITIZE)
    add_compile_options(-fsanitize=${PLATEFALL_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PLATEFALL_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
