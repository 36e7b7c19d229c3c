# Writes the C++ source that contains the files of the sandbox's page.
#
#   cmake -DFOLDER=web/dist -DOUTPUT=page_files.cpp -P EmbedPage.cmake

# The bytes of a file as a string literal: one escape per byte, broken into lines.
function(literal file result)
    file(READ ${file} hex HEX)
    string(LENGTH "${hex}" length)
    math(EXPR length "${length} / 2")
    string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")
    string(REPEAT "." 120 line)
    string(REGEX REPLACE "(${line})" "\\1\"\n\"" text "${text}")
    set(${result} "std::string_view(\n\"${text}\", ${length})" PARENT_SCOPE)
endfunction()

set(entries)
macro(embed path name type)
    file(SHA256 ${FOLDER}/${name} digest)
    string(SUBSTRING ${digest} 0 16 digest)
    literal(${FOLDER}/${name} content)
    string(APPEND entries "PageFile{\"${path}\", \"${type}\", \"${digest}\", ${content}},\n")
endmacro()

embed("/" index.html "text/html; charset=utf-8")
embed("/app.js" app.js "text/javascript; charset=utf-8")
embed("/app.css" app.css "text/css; charset=utf-8")
embed("/icon.svg" icon.svg "image/svg+xml")

file(WRITE ${OUTPUT} "// Made by cmake/EmbedPage.cmake.
#include \"sandbox/host/page.hpp\"

namespace intent::inline v0::sandbox {

std::span<const PageFile> page_files() {
    static constexpr PageFile files[] = {
${entries}    };
    return files;
}

}  // namespace intent::sandbox
")
