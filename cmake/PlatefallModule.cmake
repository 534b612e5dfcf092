# platefall_module(NAME SOURCES ... TEXTS ... USES platefall::other ... LINKS third::party ...)
#
# One module: the folder src/NAME as a static library platefall::NAME. USES are modules to the left of it
# (docs/architecture.md; tests/layering_test.py refuses any other), LINKS come from outside. TEXTS are files whose text the
# program carries in it: `#include "NAME/page.css.inc"` stands for the text of src/NAME/page.css as a string literal.
function(platefall_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;TEXTS;USES;LINKS" ${ARGN})
    add_library(platefall_${name} STATIC ${ARG_SOURCES})
    add_library(platefall::${name} ALIAS platefall_${name})
    foreach(text ${ARG_TEXTS})
        file(READ ${text} TEXT)
        file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/texts/${name}/${text}.inc CONTENT "R\"~~(@TEXT@)~~\"\n" @ONLY)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${text})
        target_include_directories(platefall_${name} PRIVATE ${PROJECT_BINARY_DIR}/texts)
    endforeach()
    target_include_directories(platefall_${name} PUBLIC
        ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(platefall_${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_LINKS})
    set_property(GLOBAL APPEND PROPERTY PLATEFALL_MODULES platefall_${name})
endfunction()

# platefall_tests(NAME [LINKS ...]): every tests/NAME/*_test.cpp, in one program NAME_tests.
function(platefall_tests name)
    cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
    if(NOT sources)
        return()
    endif()
    add_executable(${name}_tests ${sources})
    target_include_directories(${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_compile_definitions(${name}_tests PRIVATE PLATEFALL_SAMPLES_DIR="${PROJECT_SOURCE_DIR}/samples")
    if(TARGET platefall_${name})
        target_link_libraries(${name}_tests PRIVATE platefall::${name})
    endif()
    target_link_libraries(${name}_tests PRIVATE ${ARG_LINKS} GTest::gmock GTest::gtest_main)
    target_compile_options(${name}_tests PRIVATE $<$<CONFIG:Release>:-O1>)   # built in two thirds of the time
    gtest_discover_tests(${name}_tests TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT 300)
endfunction()
