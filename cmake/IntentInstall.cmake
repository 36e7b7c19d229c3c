# `cmake --install`: headers, libraries and the CMake package `intent`. Its components `sandbox` and `settings` are
# separate because only they need SQLite.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/intent)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/intent DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS intent EXPORT intentTargets)
install(EXPORT intentTargets NAMESPACE intent:: DESTINATION ${package_dir})

if(TARGET intent_sandbox)
    set_target_properties(intent_sandbox PROPERTIES EXPORT_NAME sandbox)
    install(TARGETS intent_sandbox EXPORT intentSandboxTargets)
    install(EXPORT intentSandboxTargets NAMESPACE intent:: DESTINATION ${package_dir})
endif()
if(TARGET intent_persistence)
    set_target_properties(intent_persistence PROPERTIES EXPORT_NAME settings)
    install(TARGETS intent_persistence EXPORT intentSettingsTargets)
    install(EXPORT intentSettingsTargets NAMESPACE intent:: DESTINATION ${package_dir})
endif()
if(TARGET intent_tool)
    install(TARGETS intent_tool)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/intentConfig.cmake.in ${PROJECT_BINARY_DIR}/intentConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/intentConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/intentConfig.cmake ${PROJECT_BINARY_DIR}/intentConfigVersion.cmake
    ${CMAKE_CURRENT_LIST_DIR}/Findutf8proc.cmake ${CMAKE_CURRENT_LIST_DIR}/IntentCompilerNote.cmake DESTINATION ${package_dir})
