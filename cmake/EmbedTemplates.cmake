# Writes the C++ source that contains the files of a template of `intent new`, as raw string literals.
#
#   cmake -DFOLDER=tools/intent/templates/bot -DOUTPUT=template_files.cpp -P EmbedTemplates.cmake

file(GLOB_RECURSE names RELATIVE ${FOLDER} ${FOLDER}/*)
set(entries)
foreach(name IN LISTS names)
    file(READ ${FOLDER}/${name} content)
    string(FIND "${content}" ")intent\"" end)
    if(NOT end EQUAL -1)
        message(FATAL_ERROR "${FOLDER}/${name} contains the end of the literals: )intent\"")
    endif()
    string(APPEND entries "TemplateFile{\"${name}\", R\"intent(${content})intent\"},\n")
endforeach()

file(WRITE ${OUTPUT} "// Made by cmake/EmbedTemplates.cmake.
#include \"tools/intent/support/new_project.hpp\"

namespace tool {

std::span<const TemplateFile> template_files() {
    static constexpr TemplateFile files[] = {
${entries}    };
    return files;
}

}  // namespace tool
")
