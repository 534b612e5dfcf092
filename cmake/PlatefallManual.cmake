# The man page and the shell completions, written by the program itself so that they never differ from --help.
set(manual_dir ${PROJECT_BINARY_DIR}/share)
set(manual_files)

# platefall_writes(FILE ARGUMENTS...): share/FILE is what the program prints for these arguments.
function(platefall_writes file)
    set(output ${manual_dir}/${file})
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -P ${PROJECT_SOURCE_DIR}/cmake/CaptureOutput.cmake
                -- $<TARGET_FILE:platefall_program> ${ARGN}
        DEPENDS platefall_program ${PROJECT_SOURCE_DIR}/cmake/CaptureOutput.cmake
        COMMENT "Writing ${file}" VERBATIM)
    set(manual_files ${manual_files} ${output} PARENT_SCOPE)
endfunction()

platefall_writes(man/man1/platefall.1 manual)
platefall_writes(bash-completion/completions/platefall completion bash)
platefall_writes(zsh/vendor-completions/_platefall completion zsh)
add_custom_target(manual ALL DEPENDS ${manual_files})
