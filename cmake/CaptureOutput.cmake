# cmake -D OUTPUT=FILE -P CaptureOutput.cmake -- COMMAND ARGUMENTS...
#
# Writes what the command prints into FILE, and nothing when the command fails.
set(command)
set(seen_dashes OFF)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
    if(seen_dashes)
        list(APPEND command "${CMAKE_ARGV${i}}")
    elseif(CMAKE_ARGV${i} STREQUAL "--")
        set(seen_dashes ON)
    endif()
endforeach()

execute_process(COMMAND ${command} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
file(WRITE "${OUTPUT}" "${text}")
