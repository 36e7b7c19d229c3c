# `cmake --install`: headers, libraries, the CMake package `intent` and files for pkg-config. Its components `sandbox`,
# `settings` and `relay` are separate because only they need SQLite or the client of NATS. The install components are
# `runtime` (the shared libraries), `dev` (what compiling bots takes) and `tools`; `relay`, `relay_dev` and `relay_tools`
# keep the client of NATS out of the packages of bots that do not use it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/intent)

# Whether the libraries of this kind are installed, and not only there for the tool and the tests.
function(intent_is_installed kind result)
    set(${result} FALSE PARENT_SCOPE)
    if(TARGET intent_${kind} AND (kind STREQUAL INTENT_KIND OR INTENT_BUILD_BOTH))
        set(${result} TRUE PARENT_SCOPE)
    endif()
endfunction()

# The file `name`.pc. In a shared build, a program only needs the libraries that it names itself; linking with the static
# libraries takes the others too (pkg-config --static).
function(intent_pkg_config name description requires library)
    cmake_parse_arguments(PARSE_ARGV 4 pc "" "INSTALL_COMPONENT" "")
    if(NOT pc_INSTALL_COMPONENT)
        set(pc_INSTALL_COMPONENT dev)
    endif()
    set(PC_NAME ${name})
    set(PC_DESCRIPTION "${description}")
    set(PC_REQUIRES "${requires}")
    intent_is_installed(shared has_shared)
    list(JOIN pc_UNPARSED_ARGUMENTS " " others)
    set(PC_LIBS "-l${library}")
    set(PC_LIBS_PRIVATE "${others}")
    if(NOT has_shared)
        set(PC_LIBS "-l${library} ${others}")
        set(PC_LIBS_PRIVATE)
    endif()
    file(RELATIVE_PATH PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    string(REGEX REPLACE "/$" "" PC_PREFIX "${PC_PREFIX}")
    configure_file(${PROJECT_SOURCE_DIR}/cmake/intent.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT ${pc_INSTALL_COMPONENT})
endfunction()

# The third and fourth argument: the install components, if they are not `runtime` and `dev`.
function(intent_install_library target exports)
    set(runtime runtime)
    set(dev dev)
    if(ARGC EQUAL 4)
        set(runtime ${ARGV2})
        set(dev ${ARGV3})
    endif()
    foreach(kind IN ITEMS static shared)
        intent_is_installed(${kind} installed)
        if(installed)
            install(TARGETS ${target}_${kind} EXPORT ${exports}-${kind}
                LIBRARY COMPONENT ${runtime} NAMELINK_COMPONENT ${dev}
                ARCHIVE COMPONENT ${dev})
            install(EXPORT ${exports}-${kind} NAMESPACE intent:: DESTINATION ${package_dir} COMPONENT ${dev})
        endif()
    endforeach()
endfunction()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/intent DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
intent_install_library(intent intent)
set(time_zones)
if(INTENT_TIME_ZONE_LIBRARY)
    set(time_zones -ldate-tz)
endif()
intent_pkg_config(intent "${PROJECT_DESCRIPTION}" "" intent
    -lssl -lcrypto -lcurl -lboost_json -lutf8proc ${time_zones} -pthread)

if(TARGET intent_sandbox)
    intent_install_library(intent_sandbox intent-sandbox)
    intent_pkg_config(intent-sandbox "A local Intent platform for tests of bots" intent intent_sandbox
        -lsqlite3 -lcrypto -lboost_json)
endif()
if(TARGET intent_persistence)
    intent_install_library(intent_persistence intent-settings)
    intent_pkg_config(intent-settings "What an Intent bot remembers across restarts" intent intent_settings -lsqlite3)
endif()
if(TARGET intent_relay)
    intent_install_library(intent_relay intent-relay relay relay_dev)
    intent_pkg_config(intent-relay "Intent bots on more than one machine" intent intent_relay -lnats -lboost_json
        INSTALL_COMPONENT relay_dev)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/Findnats.cmake DESTINATION ${package_dir} COMPONENT relay_dev)
endif()
if(TARGET intent_tool)
    install(TARGETS intent_tool COMPONENT tools)
endif()
if(TARGET intent_relay_tool)
    install(TARGETS intent_relay_tool COMPONENT relay_tools)
endif()
# Dashboards and alerts (docs/dashboards.md).
install(DIRECTORY ${PROJECT_SOURCE_DIR}/contrib DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/intent COMPONENT tools)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/intentConfig.cmake.in ${PROJECT_BINARY_DIR}/intentConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/intentConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/intentConfig.cmake ${PROJECT_BINARY_DIR}/intentConfigVersion.cmake
    ${CMAKE_CURRENT_LIST_DIR}/Findutf8proc.cmake ${CMAKE_CURRENT_LIST_DIR}/IntentCompilerNote.cmake
    DESTINATION ${package_dir} COMPONENT dev)
