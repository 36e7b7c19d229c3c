# INTENT_HARDEN: flags that make memory errors harder to exploit. They reach the targets of this project only: compile
# flags through intent_settings, link flags through intent_hardened_link. scripts/check-hardening checks the results.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckPIESupported)

check_pie_supported(LANGUAGES CXX)

# -U: some distributions define a level in the compiler itself. Level 3 needs g++ 12 or clang 9, and glibc 2.35.
block(SCOPE_FOR VARIABLES PROPAGATE fortify)
    set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
    check_cxx_source_compiles("
        #include <cstring>
        int main(int argc, char** argv) {
            char copy[64];
            std::strncpy(copy, argv[argc - 1], sizeof copy - 1);
            return copy[0];
        }" INTENT_HAS_FORTIFY_3)
    set(fortify 2)
    if(INTENT_HAS_FORTIFY_3)
        set(fortify 3)
    endif()
endblock()
# The fortified functions need optimisation; without it the C library's headers only warn.
target_compile_options(intent_settings INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=${fortify}>)

foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
    string(MAKE_C_IDENTIFIER "INTENT_HAS${flag}" has)
    check_cxx_compiler_flag(${flag} ${has})
    if(${has})
        target_compile_options(intent_settings INTERFACE ${flag})
    endif()
endforeach()

add_library(intent_hardened_link INTERFACE)
# The start files of Debian's C library are not marked for CET, so the linker would drop the mark. They are fit for a
# shadow stack, but not for indirect branch tracking.
if(INTENT_HAS_fcf_protection_full)
    target_link_options(intent_hardened_link INTERFACE LINKER:-z,shstk)
endif()
target_link_options(intent_hardened_link INTERFACE
    LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack LINKER:-z,separate-code)
target_link_libraries(intent_settings INTERFACE intent_hardened_link)
