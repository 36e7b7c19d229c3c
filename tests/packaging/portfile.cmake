# Runs the port of vcpkg with stand-ins for vcpkg's functions: finds errors of syntax and files that do not exist.
#
#   cmake -DPORT_DIR=packaging/vcpkg -DWORK=FOLDER -P tests/packaging/portfile.cmake
cmake_minimum_required(VERSION 3.25)
set(PORT intent)
set(FEATURES core sandbox tool)
set(CURRENT_PACKAGES_DIR ${WORK})

function(vcpkg_check_features)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_FEATURE_OPTIONS" "FEATURES")
    list(LENGTH arg_FEATURES count)
    math(EXPR odd "${count} % 2")
    if(odd OR NOT arg_OUT_FEATURE_OPTIONS)
        message(FATAL_ERROR "vcpkg_check_features: pairs of feature and option, and OUT_FEATURE_OPTIONS")
    endif()
    set(${arg_OUT_FEATURE_OPTIONS} -DFEATURES=ON PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    if(NOT EXISTS ${arg_SOURCE_PATH}/CMakeLists.txt)
        message(FATAL_ERROR "vcpkg_cmake_configure: no project in \"${arg_SOURCE_PATH}\"")
    endif()
    if(NOT "-DFEATURES=ON" IN_LIST arg_OPTIONS)
        message(FATAL_ERROR "vcpkg_cmake_configure: without the options of the features")
    endif()
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    foreach(file IN LISTS arg_FILE_LIST)
        if(NOT EXISTS ${file})
            message(FATAL_ERROR "vcpkg_install_copyright: ${file} does not exist")
        endif()
    endforeach()
endfunction()

foreach(name vcpkg_cmake_install vcpkg_cmake_config_fixup vcpkg_fixup_pkgconfig vcpkg_copy_tools)
    cmake_language(EVAL CODE "function(${name})\nendfunction()")
endforeach()

# CMAKE_CURRENT_LIST_DIR inside is that of the port.
include(${PORT_DIR}/portfile.cmake)
if(NOT EXISTS ${WORK}/share/intent/usage)
    message(FATAL_ERROR "the port installs no usage")
endif()
