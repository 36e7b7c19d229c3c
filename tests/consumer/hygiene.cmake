# Checks that a library that is added to a project changes nothing in it: call remember_project() before, and
# check_project() after.

# Set by the project, so that a library which sets it is noticed.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

# Unset before; a library might set them for everybody.
set(hygiene_settings CMAKE_BUILD_TYPE CMAKE_CXX_STANDARD_REQUIRED CMAKE_CXX_EXTENSIONS CMAKE_CXX_SCAN_FOR_MODULES
    CMAKE_CXX_VISIBILITY_PRESET CMAKE_VISIBILITY_INLINES_HIDDEN CMAKE_EXPORT_COMPILE_COMMANDS CMAKE_POSITION_INDEPENDENT_CODE
    CMAKE_CXX_COMPILER_LAUNCHER CMAKE_INSTALL_LIBDIR CMAKE_RUNTIME_OUTPUT_DIRECTORY BUILD_SHARED_LIBS BUILD_TESTING)
# Of the directory.
set(hygiene_properties COMPILE_OPTIONS COMPILE_DEFINITIONS INCLUDE_DIRECTORIES LINK_OPTIONS LINK_LIBRARIES LINK_DIRECTORIES)
# What finding the dependencies leaves in the cache, and what CMake itself does there.
set(hygiene_cached "^(INTENT_|intent_|FETCHCONTENT_|Boost_|boost_|OPENSSL_|CURL_|SQLite3_|date_|nats_|utf8proc_|CLI11_|fmt_|pkgcfg_|PKG_CONFIG|\
_OPENSSL_|PC_|__pkg_config|prefix_result$|CMAKE_PROJECT_VERSION|CMAKE_HAVE_LIBC_PTHREAD|FIND_PACKAGE_MESSAGE_DETAILS_|FetchContent_|CMAKE_.*-ADVANCED$|CMAKE_CACHEFILE_DIR|CMAKE_NUMBER_OF_MAKEFILES$)")

macro(remember_project)
    get_cmake_property(hygiene_variables VARIABLES)
    list(FILTER hygiene_variables EXCLUDE REGEX "^(hygiene_|CMAKE_MATCH_|ARG|FETCHCONTENT_|CMAKE_CURRENT_FUNCTION)")
    list(APPEND hygiene_variables ${hygiene_settings})
    list(REMOVE_DUPLICATES hygiene_variables)
    foreach(hygiene_name IN LISTS hygiene_variables)
        set(hygiene_value_${hygiene_name} "${${hygiene_name}}")
    endforeach()
    foreach(hygiene_name IN LISTS hygiene_properties)
        get_directory_property(hygiene_property_${hygiene_name} ${hygiene_name})
    endforeach()
    get_directory_property(hygiene_cache CACHE_VARIABLES)
endmacro()

function(check_project)
    foreach(name IN LISTS hygiene_variables)
        if(NOT "${${name}}" STREQUAL "${hygiene_value_${name}}")
            message(SEND_ERROR "${name} was \"${hygiene_value_${name}}\" and is \"${${name}}\" now")
        endif()
    endforeach()
    foreach(name IN LISTS hygiene_properties)
        get_directory_property(value ${name})
        if(NOT "${value}" STREQUAL "${hygiene_property_${name}}")
            message(SEND_ERROR "${name} of the directory was \"${hygiene_property_${name}}\" and is \"${value}\" now")
        endif()
    endforeach()

    # A second run of CMake begins with the cache of the first.
    get_directory_property(cache CACHE_VARIABLES)
    list(REMOVE_ITEM cache ${hygiene_cache})
    list(FILTER cache EXCLUDE REGEX "${hygiene_cached}")
    if(cache)
        message(SEND_ERROR "new in the cache: ${cache}")
    endif()

    # The project may have targets of any name that does not begin with the library's.
    check_folder(${INTENT_SOURCE_DIR})
    if(NOT TARGET intent::intent)
        message(SEND_ERROR "intent::intent is missing")
    endif()
endfunction()

function(check_folder folder)
    get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    list(FILTER targets EXCLUDE REGEX "^intent(_|$)")
    if(targets)
        message(SEND_ERROR "targets that may be the project's: ${targets}")
    endif()
    foreach(target IN ITEMS intent_tool intent_demo intent_test_unit_codec)
        if(TARGET ${target})
            message(SEND_ERROR "${target} is built although intent is not the top-level project")
        endif()
    endforeach()
    get_property(tests DIRECTORY ${folder} PROPERTY TESTS)
    if(tests)
        message(SEND_ERROR "tests that are not the project's: ${tests}")
    endif()
    get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    foreach(inner IN LISTS folders)
        check_folder(${inner})
    endforeach()
endfunction()
