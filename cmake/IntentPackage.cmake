# Packages by CPack, one format at a time: INTENT_PACKAGE is DEB, RPM or TGZ. scripts/packages makes all of them.
#
#   libintent<version>   the shared libraries           install component runtime
#   libintent-dev        what compiling bots takes      install component dev
#   intent-tools         the program `intent`           install component tools
#
# With the component relay, so that only its users need the client of NATS:
#
#   libintent-relay<version>   its shared library       install component relay
#   libintent-relay-dev        its development files    install component relay_dev
#   intent-relay               the program and a unit   install component relay_tools
#
# The names of libraries have the version of the interface, as Debian demands of a package with a shared library: two of them can be
# installed side by side.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(INTENT_PACKAGE_CONTACT "The intent-cpp authors <maintainers@intent-cpp.invalid>" CACHE STRING
    "Who answers for the packages: name <address>")
set(INTENT_PACKAGE_REVISION 1 CACHE STRING "Revision of the packages of one version")
set_property(CACHE INTENT_PACKAGE PROPERTY STRINGS DEB RPM TGZ)

set(runtime_package libintent${INTENT_SOVERSION})
set(dev_package libintent-dev)
set(tools_package intent-tools)
set(relay_package libintent-relay${INTENT_SOVERSION})
set(relay_dev_package libintent-relay-dev)
set(relay_tools_package intent-relay)
if(INTENT_PACKAGE STREQUAL "RPM")
    set(dev_package libintent-devel)
    set(relay_dev_package libintent-relay-devel)
endif()
set(components runtime dev tools)
if(TARGET intent_relay_tool)
    list(APPEND components relay relay_dev relay_tools)
endif()

# What is made of other files: manual pages, completions, changelogs, copyright.
set(package_files ${PROJECT_BINARY_DIR}/package-files)
file(GLOB documents CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*tool*.md)
add_custom_command(OUTPUT ${package_files}/stamp
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/package-files --tool $<TARGET_FILE:intent_tool>
        "$<$<TARGET_EXISTS:intent_relay_tool>:--relay;$<TARGET_FILE:intent_relay_tool>>" --contact ${INTENT_PACKAGE_CONTACT} --revision ${INTENT_PACKAGE_REVISION} ${package_files}
    COMMAND ${CMAKE_COMMAND} -E touch ${package_files}/stamp
    DEPENDS intent_tool $<TARGET_NAME_IF_EXISTS:intent_relay_tool> ${documents} ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
        ${PROJECT_SOURCE_DIR}/packaging/debian/copyright.in ${PROJECT_SOURCE_DIR}/scripts/package-files
        ${PROJECT_SOURCE_DIR}/scripts/man-pages
    COMMENT "Writing manual pages, completions and changelogs"
    COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(intent_package_files ALL DEPENDS ${package_files}/stamp)

install(DIRECTORY ${package_files}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT tools)
install(DIRECTORY ${package_files}/completions/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT tools)
set(zsh_folder site-functions)
if(INTENT_PACKAGE STREQUAL "DEB")
    set(zsh_folder vendor-completions)
endif()
install(FILES ${package_files}/_intent DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder} COMPONENT tools)
set(units ${PROJECT_SOURCE_DIR}/packaging/systemd)
install(FILES ${units}/intent-bot@.service ${units}/intent-sandbox.service
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${tools_package}/examples COMPONENT tools)
if(TARGET intent_relay_tool)
    # The program's place does not depend on the system, so its unit can be used as it is. It is not enabled.
    install(FILES ${units}/intent-relay.service DESTINATION lib/systemd/system COMPONENT relay_tools)
    install(FILES ${units}/intent-worker@.service ${package_files}/relay/accounts.conf
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${relay_tools_package}/examples COMPONENT relay_tools)
    install(DIRECTORY ${package_files}/relay/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT relay_tools)
endif()
foreach(component IN LISTS components)
    set(documentation ${CMAKE_INSTALL_DATADIR}/doc/${${component}_package})
    if(INTENT_PACKAGE STREQUAL "DEB")
        install(FILES ${package_files}/copyright ${package_files}/changelog.gz ${package_files}/changelog.Debian.gz
            DESTINATION ${documentation} COMPONENT ${component})
        set(package ${${component}_package})
        configure_file(${PROJECT_SOURCE_DIR}/packaging/debian/${component}.lintian-overrides.in
            ${PROJECT_BINARY_DIR}/${package}.lintian-overrides @ONLY)
        install(FILES ${PROJECT_BINARY_DIR}/${package}.lintian-overrides
            DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME ${package} COMPONENT ${component})
    elseif(INTENT_PACKAGE STREQUAL "RPM")
        install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md
            DESTINATION ${documentation} COMPONENT ${component})
    endif()
endforeach()
if(INTENT_PACKAGE STREQUAL "TGZ")
    # scripts/packages writes the SBOM.
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/README.md
        ${PROJECT_BINARY_DIR}/intent.spdx.json DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/intent COMPONENT dev)
endif()

set(CPACK_GENERATOR ${INTENT_PACKAGE})
set(CPACK_PACKAGE_NAME intent)
set(CPACK_PACKAGE_VENDOR "The intent-cpp authors")
set(CPACK_PACKAGE_CONTACT "${INTENT_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_SOURCE_DIR}/build/packages)
string(TOLOWER "${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}" system)
set(CPACK_PACKAGE_FILE_NAME intent-${PROJECT_VERSION}-${system})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_STRIP_FILES ON)
# Whatever the umask of who builds.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(runtime_summary "bot SDK for the Intent chat platform (shared libraries)")
set(dev_summary "bot SDK for the Intent chat platform (development files)")
set(tools_summary "command-line tool and sandbox for bots of the Intent chat platform")
set(about "A C++20 SDK for bots of the Intent chat platform: typed events, coroutines,
a gateway session that resumes, and a REST client that keeps the rate
limits.")
set(runtime_text "${about}

This package contains the shared libraries.")
set(dev_text "${about}

This package contains the headers, the static libraries, a CMake package
and files for pkg-config.")
set(tools_text "The program intent sends messages, prints events, checks a configuration,
and runs a sandbox: the whole platform on one machine, in which bots are
tested.")
set(relay_summary "bots for the Intent chat platform on several machines (shared library)")
set(relay_dev_summary "bots for the Intent chat platform on several machines (development files)")
set(relay_tools_summary "relay for bots of the Intent chat platform on several machines")
set(relay_text "${about}

This package contains the shared library of relays and workers, which share
the work of a bot through NATS JetStream.")
set(relay_dev_text "${about}

This package contains the static library of relays and workers, and the
files by which CMake and pkg-config find it.")
set(relay_tools_text "The program intent-relay holds the token, the gateway session and the rate
limits of a bot, and passes its events to workers through NATS JetStream.
It also shows the state of relays, and manages events that no worker could
handle.")
# Each package has its own summary, which CPack would put below that of the project.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
foreach(component IN LISTS components)
    string(TOUPPER ${component} upper)
    set(CPACK_COMPONENT_${upper}_DESCRIPTION "${${component}_summary}\n${${component}_text}")
endforeach()

if(INTENT_PACKAGE STREQUAL "DEB")
    set(CPACK_DEB_COMPONENT_INSTALL ON)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
    set(CPACK_DEBIAN_PACKAGE_RELEASE ${INTENT_PACKAGE_REVISION})
    set(CPACK_DEBIAN_PACKAGE_SOURCE intent)
    set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
    set(version "${PROJECT_VERSION}-${INTENT_PACKAGE_REVISION}")

    set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${runtime_package})
    set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
    set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS tzdata)
    set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
    # A patch version adds nothing that an older one lacks, but may correct it (docs/versions.md).
    set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
    set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/debian/triggers)

    # What the CMake package and pkg-config --static look for.
    set(needed "${runtime_package} (= ${version})" libboost-json${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev
        "libcurl4-openssl-dev | libcurl-dev" libsqlite3-dev libssl-dev libutf8proc-dev)
    if(INTENT_TIME_ZONE_LIBRARY)
        list(APPEND needed libhowardhinnant-date-dev)
    endif()
    list(JOIN needed ", " CPACK_DEBIAN_DEV_PACKAGE_DEPENDS)
    set(CPACK_DEBIAN_DEV_PACKAGE_NAME ${dev_package})
    set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
    set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS intent-tools)

    set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME ${tools_package})
    set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION devel)
    set(CPACK_DEBIAN_TOOLS_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS tzdata)
    set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "libintent-dev, intent-relay, clang-tools")

    # The library of relays needs that of the SDK, which is not installed while the package is made.
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
    set(CPACK_DEBIAN_RELAY_PACKAGE_NAME ${relay_package})
    set(CPACK_DEBIAN_RELAY_PACKAGE_SECTION libs)
    set(CPACK_DEBIAN_RELAY_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_RELAY_PACKAGE_DEPENDS "${runtime_package} (= ${version})")
    set(CPACK_DEBIAN_RELAY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/debian/triggers)

    set(CPACK_DEBIAN_RELAY_DEV_PACKAGE_NAME ${relay_dev_package})
    set(CPACK_DEBIAN_RELAY_DEV_PACKAGE_SECTION libdevel)
    set(CPACK_DEBIAN_RELAY_DEV_PACKAGE_DEPENDS
        "${relay_package} (= ${version}), ${dev_package} (= ${version}), libnats-dev")

    set(CPACK_DEBIAN_RELAY_TOOLS_PACKAGE_NAME ${relay_tools_package})
    set(CPACK_DEBIAN_RELAY_TOOLS_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_RELAY_TOOLS_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_RELAY_TOOLS_PACKAGE_DEPENDS tzdata)
    set(CPACK_DEBIAN_RELAY_TOOLS_PACKAGE_SUGGESTS "intent-tools, nats-server")
elseif(INTENT_PACKAGE STREQUAL "RPM")
    set(CPACK_RPM_COMPONENT_INSTALL ON)
    set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
    set(CPACK_RPM_COMPRESSION_TYPE xz)
    set(CPACK_RPM_PACKAGE_RELEASE ${INTENT_PACKAGE_REVISION})
    set(CPACK_RPM_PACKAGE_LICENSE MIT)
    foreach(component IN LISTS components)
        string(TOUPPER ${component} upper)
        set(CPACK_RPM_${upper}_PACKAGE_NAME ${${component}_package})
        set(CPACK_RPM_${upper}_PACKAGE_SUMMARY "${${component}_summary}")
        set(CPACK_COMPONENT_${upper}_DESCRIPTION "${${component}_text}")
    endforeach()
    set(CPACK_RPM_DEV_PACKAGE_REQUIRES "${runtime_package} = ${PROJECT_VERSION}-${INTENT_PACKAGE_REVISION}")
    set(CPACK_RPM_RELAY_PACKAGE_REQUIRES "${runtime_package} = ${PROJECT_VERSION}-${INTENT_PACKAGE_REVISION}")
    set(CPACK_RPM_RELAY_DEV_PACKAGE_REQUIRES "${relay_package} = ${PROJECT_VERSION}-${INTENT_PACKAGE_REVISION}, ${dev_package} = ${PROJECT_VERSION}-${INTENT_PACKAGE_REVISION}")
    set(CPACK_RPM_RELAY_POST_INSTALL_SCRIPT_FILE ${PROJECT_SOURCE_DIR}/packaging/rpm/ldconfig)
    set(CPACK_RPM_RELAY_POST_UNINSTALL_SCRIPT_FILE ${PROJECT_SOURCE_DIR}/packaging/rpm/ldconfig)
    set(CPACK_RPM_RUNTIME_POST_INSTALL_SCRIPT_FILE ${PROJECT_SOURCE_DIR}/packaging/rpm/ldconfig)
    set(CPACK_RPM_RUNTIME_POST_UNINSTALL_SCRIPT_FILE ${PROJECT_SOURCE_DIR}/packaging/rpm/ldconfig)
    set(CPACK_PACKAGE_RELOCATABLE OFF)
    # Folders of other packages.
    foreach(folder IN ITEMS share/man share/man/man1 share/bash-completion share/bash-completion/completions share/fish
            share/fish/vendor_completions.d share/zsh share/zsh/site-functions share/doc ${CMAKE_INSTALL_LIBDIR}/cmake
            ${CMAKE_INSTALL_LIBDIR}/pkgconfig lib/systemd lib/systemd/system)
        list(APPEND CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr/${folder})
    endforeach()
    # The same bytes from the same sources; CPack has stripped the files.
    set(CPACK_RPM_SPEC_MORE_DEFINE "
%define _buildhost reproducible
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define source_date_epoch_from_changelog 0
%define _build_id_links none
%define __os_install_post %{nil}")
elseif(INTENT_PACKAGE STREQUAL "TGZ")
    set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)
    set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
else()
    message(FATAL_ERROR "intent: INTENT_PACKAGE is '${INTENT_PACKAGE}': must be DEB, RPM or TGZ")
endif()
include(CPack)
