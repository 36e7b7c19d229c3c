# Everything below that is not a program.
add_library(intent_snippets OBJECT)
target_link_libraries(intent_snippets PRIVATE intent_settings)

# Extracts the ```cpp blocks of a page and compiles them, so that the page only shows code that works.
#
# A block with a `main` becomes the program <prefix>_<number>, where number counts the page's blocks. A block that begins
# with #include is compiled unchanged. A block that begins with the comment `// NAME.hpp` is a header of that name, for a
# later block. Any other block is the body of a coroutine with a `client` and a `sandbox`.
function(intent_snippets page prefix)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
    file(READ ${page} text)
    set(fence "```cpp\n")
    set(number 0)
    string(FIND "${text}" "${fence}" begin)
    while(NOT begin EQUAL -1)
        math(EXPR number "${number} + 1")
        string(LENGTH "${fence}" skipped)
        math(EXPR begin "${begin} + ${skipped}")
        string(SUBSTRING "${text}" ${begin} -1 text)
        string(FIND "${text}" "```" end)
        string(SUBSTRING "${text}" 0 ${end} code)
        string(SUBSTRING "${text}" ${end} -1 text)

        set(name ${prefix}_${number})
        set(file ${CMAKE_CURRENT_BINARY_DIR}/snippets/${name}.cpp)
        if(code MATCHES "^// ([a-z_]+\\.hpp)\n")
            file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/snippets/${CMAKE_MATCH_1} CONTENT "${code}" @ONLY)
            string(FIND "${text}" "${fence}" begin)
            continue()
        endif()
        if(code MATCHES "^#include")
            # Complete sources may use the same names.
            set_source_files_properties(${file} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
        else()
            string(CONCAT code "#include <intent/commands.hpp>\n#include <intent/intent.hpp>\n#include <intent/module.hpp>\n#include <intent/sandbox.hpp>\n\n#include <chrono>\n#include <cstdio>\n#include <map>\n\n"
                "intent::task<> ${name}([[maybe_unused]] intent::Client& client, [[maybe_unused]] intent::Sandbox& sandbox) {\n"
                "${code}    co_return;\n}\n")
        endif()
        file(CONFIGURE OUTPUT ${file} CONTENT "${code}" @ONLY)
        if(code MATCHES "int main\\(")
            intent_program(${name} ${file})
            target_link_libraries(${name} PRIVATE intent_sandbox)
            if(code MATCHES "intent/(worker|relay)\\.hpp")
                target_link_libraries(${name} PRIVATE intent_relay)
            endif()
        else()
            target_sources(intent_snippets PRIVATE ${file})
        endif()
        string(FIND "${text}" "${fence}" begin)
    endwhile()
endfunction()
