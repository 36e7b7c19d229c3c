# Finds the C client of NATS: nats::nats. Its own CMake package in Debian names files that are not installed, so this asks
# pkg-config. Installed beside the package `intent`.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
    pkg_check_modules(PC_NATS QUIET libnats)
endif()
find_path(nats_INCLUDE_DIR nats/nats.h HINTS ${PC_NATS_INCLUDE_DIRS})
find_library(nats_LIBRARY NAMES nats HINTS ${PC_NATS_LIBRARY_DIRS})
mark_as_advanced(nats_INCLUDE_DIR nats_LIBRARY)

set(nats_VERSION ${PC_NATS_VERSION})
if(nats_INCLUDE_DIR AND NOT nats_VERSION)
    file(STRINGS ${nats_INCLUDE_DIR}/nats/version.h version_line REGEX "NATS_VERSION_STRING")
    string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" nats_VERSION "${version_line}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(nats REQUIRED_VARS nats_LIBRARY nats_INCLUDE_DIR VERSION_VAR nats_VERSION)

if(nats_FOUND AND NOT TARGET nats::nats)
    add_library(nats::nats UNKNOWN IMPORTED)
    set_target_properties(nats::nats PROPERTIES
        IMPORTED_LOCATION "${nats_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${nats_INCLUDE_DIR}")
endif()
