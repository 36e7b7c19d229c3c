# The functions that make the installed libraries. Each is built as a static library, which the tool and the tests of the
# insides link; it is also built as a shared one with BUILD_SHARED_LIBS or INTENT_BUILD_BOTH.

# The interface of a shared library may change with every minor version before 1.0 (docs/versions.md).
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(INTENT_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
    set(INTENT_SOVERSION ${PROJECT_VERSION_MAJOR})
endif()

set(INTENT_KINDS STATIC)
set(INTENT_KIND static)
if(BUILD_SHARED_LIBS OR INTENT_BUILD_BOTH)
    list(APPEND INTENT_KINDS SHARED)
endif()
if(BUILD_SHARED_LIBS)
    set(INTENT_KIND shared)
endif()

# Creates <target>_static and, if asked for, <target>_shared. <target> and intent::<component> are the one that
# BUILD_SHARED_LIBS selects.
#
#   intent_library(<target> COMPONENT <name> [OUTPUT_NAME <name>] SOURCES <objects...> [USES <target>...]
#       [PRIVATE <library>...])
#
# USES: other libraries of this function, which a user of this one gets too.
function(intent_library target)
    cmake_parse_arguments(PARSE_ARGV 1 library "" "COMPONENT;OUTPUT_NAME" "SOURCES;USES;PRIVATE")
    if(NOT library_OUTPUT_NAME)
        set(library_OUTPUT_NAME ${target})
    endif()
    set(system)
    if(NOT PROJECT_IS_TOP_LEVEL)
        set(system SYSTEM)  # the warnings of a project that includes this one are not for these headers
    endif()
    foreach(kind IN LISTS INTENT_KINDS)
        string(TOLOWER ${kind} suffix)
        set(name ${target}_${suffix})
        add_library(${name} ${kind} ${library_SOURCES})
        set_target_properties(${name} PROPERTIES
            LINKER_LANGUAGE CXX OUTPUT_NAME ${library_OUTPUT_NAME} EXPORT_NAME ${library_COMPONENT}_${suffix})
        target_compile_features(${name} PUBLIC cxx_std_20)
        target_include_directories(${name} ${system} PUBLIC
            $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
        target_link_libraries(${name} PRIVATE ${library_PRIVATE})
        foreach(used IN LISTS library_USES)
            target_link_libraries(${name} PUBLIC ${used}_${suffix})
        endforeach()
    endforeach()
    if(TARGET ${target}_shared)
        set(map ${PROJECT_BINARY_DIR}/intent.map)
        configure_file(${PROJECT_SOURCE_DIR}/cmake/intent.map.in ${map} @ONLY)
        set_target_properties(${target}_shared PROPERTIES
            VERSION ${PROJECT_VERSION} SOVERSION ${INTENT_SOVERSION} LINK_DEPENDS ${map})
        if(library_USES)
            set_target_properties(${target}_shared PROPERTIES INSTALL_RPATH "$ORIGIN")  # the used ones lie beside it
        endif()
        target_link_options(${target}_shared PRIVATE
            LINKER:--version-script=${map} LINKER:-Bsymbolic-functions LINKER:--no-undefined LINKER:--as-needed
            $<$<NOT:$<CONFIG:Debug>>:LINKER:--gc-sections>)
        if(TARGET intent_hardened_link)
            target_link_libraries(${target}_shared PRIVATE $<BUILD_INTERFACE:intent_hardened_link>)
        endif()
    endif()
    add_library(${target} ALIAS ${target}_${INTENT_KIND})
    add_library(intent::${library_COMPONENT} ALIAS ${target}_${INTENT_KIND})
    # Nobody needs the static library of a shared build, except the tool.
    if(BUILD_SHARED_LIBS AND NOT INTENT_BUILD_BOTH)
        set_target_properties(${target}_static PROPERTIES EXCLUDE_FROM_ALL TRUE)
    endif()
endfunction()
