# Settings shared by every target of this project, and the functions that create targets.

# Build type, compiler cache and compile_commands.json belong to the top-level project.
if(PROJECT_IS_TOP_LEVEL)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Debug, RelWithDebInfo, Release or MinSizeRel" FORCE)
    endif()
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
    find_program(CCACHE_PROGRAM ccache)
    if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
    endif()
endif()

# Plain variables are local to the directory: they reach only the targets of this project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

# Of several sources that are compiled as one, the headers are read once. -DCMAKE_UNITY_BUILD=OFF compiles each alone.
if(NOT DEFINED CMAKE_UNITY_BUILD AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
    set(CMAKE_UNITY_BUILD ON)
endif()
# Half the work of a compiler is reading headers. Larger batches would leave a core idle at the end of a build.
if(NOT DEFINED CMAKE_UNITY_BUILD_BATCH_SIZE)
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 20)
endif()

# Warnings are for developers of this project; a project that includes this one may make warnings errors for everything in
# its directories.
add_library(intent_settings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(intent_settings INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual)
    if(NOT CMAKE_UNITY_BUILD)
        target_compile_options(intent_settings INTERFACE -Wshadow)
    else()
        # A local name may be that of a global one in another source; unnamed namespaces are in what looks like a header.
        target_compile_options(intent_settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local -Wno-subobject-linkage>)
        # The joined sources are included by absolute paths: without them in __FILE__, checkouts share one compiler cache.
        target_compile_options(intent_settings INTERFACE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
    endif()
else()
    target_compile_options(intent_settings INTERFACE -w)
endif()
# In optimised builds g++ 12 warns of array bounds inside its own library, so only Debug builds can be strict.
if(INTENT_WARNINGS_AS_ERRORS)
    target_compile_options(intent_settings INTERFACE $<$<CONFIG:Debug>:-Werror>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(intent_settings INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict>)
endif()
# A program that is linked with --gc-sections gets only those functions of the static libraries that it can call.
target_compile_options(intent_settings INTERFACE $<$<NOT:$<CONFIG:Debug>>:-ffunction-sections>
    $<$<NOT:$<CONFIG:Debug>>:-fdata-sections>)
target_link_options(intent_settings INTERFACE $<$<NOT:$<CONFIG:Debug>>:LINKER:--gc-sections>)
if(INTENT_SANITIZE)
    target_compile_options(intent_settings INTERFACE -fsanitize=${INTENT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(intent_settings INTERFACE -fsanitize=${INTENT_SANITIZE})
    if(INTENT_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        # clang 14 cannot compile coroutines with this check.
        target_compile_options(intent_settings INTERFACE -fno-sanitize=function)
    endif()
    if(INTENT_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # The sanitizer does not follow Asio's fences, and g++ warns about that in every file.
        target_compile_options(intent_settings INTERFACE -Wno-tsan)
    endif()
endif()
target_include_directories(intent_settings INTERFACE
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
target_compile_definitions(intent_settings INTERFACE BOOST_JSON_NO_LIB)
# System headers of the dependencies, for every layer. The include check catches a layer that must not use one.
target_link_libraries(intent_settings INTERFACE Threads::Threads)

# Creates the object library intent_<layer> from the sources of src/<layer> and its folders.
function(intent_layer layer)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${layer}/*.cpp ${PROJECT_SOURCE_DIR}/src/${layer}/*/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_library(intent_${layer} OBJECT ${sources})
    target_link_libraries(intent_${layer} PRIVATE intent_settings)
endfunction()

# Creates a program with its executable in the top of the build directory: build/<name>.
function(intent_program name)
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE intent_settings)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()

# Creates the test program intent_test_<name> from the *.cpp of a folder, linked with tests/support and the given
# libraries.
function(intent_test name folder)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_executable(intent_test_${name} ${sources})
    target_link_libraries(intent_test_${name} PRIVATE
        intent_settings intent_test_support ${ARGN} GTest::gtest GTest::gtest_main)
    target_compile_definitions(intent_test_${name} PRIVATE
        INTENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" INTENT_BINARY_DIR="${PROJECT_BINARY_DIR}")
    set(labels unit)
    if(name IN_LIST INTENT_THREADED_TESTS)
        set(labels threads)
        add_dependencies(intent_threaded_tests intent_test_${name})
    endif()
    set(timeout 120)
    if(INTENT_SANITIZE)
        set(timeout 600)  # seconds; instrumented code is several times slower
    endif()
    gtest_discover_tests(intent_test_${name}
        TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${timeout} LABELS ${labels})
endfunction()
