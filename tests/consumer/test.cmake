# Installs a build into a prefix of its own, builds against it the consumer and the project of `intent new`, and runs what
# was built.
#
#   cmake -DBUILD_DIR=build -DSOURCE_DIR=. -DCXX=g++ [-DLAUNCHER=ccache] -P tests/consumer/test.cmake

set(work ${BUILD_DIR}/consumer)
set(consumer ${SOURCE_DIR}/tests/consumer)
file(REMOVE_RECURSE ${work})

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\nended with ${status}:\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# Configures, then configures again. A note about g++ 12 is shown the first time, and with that compiler only; nothing
# else is.
function(configure build)
    set(command ${CMAKE_COMMAND} -S ${consumer} -B ${build} -G Ninja -DCMAKE_CXX_COMPILER=${CXX}
        -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF ${ARGN})
    execute_process(COMMAND ${CXX} -dumpversion OUTPUT_VARIABLE version)
    execute_process(COMMAND ${CXX} --version OUTPUT_VARIABLE name)
    set(expected FALSE)
    if(version MATCHES "^12[.\n]" AND NOT name MATCHES "clang")
        set(expected TRUE)
    endif()
    foreach(wanted IN ITEMS ${expected} FALSE)
        run(${command})
        string(FIND "${output}" "intent: g++ 12" note)
        if((wanted AND note EQUAL -1) OR (NOT wanted AND NOT note EQUAL -1))
            message(FATAL_ERROR "note about g++ 12 expected: ${wanted}, output:\n${output}")
        endif()
        if(output MATCHES "Warning")
            message(FATAL_ERROR "a warning:\n${output}")
        endif()
    endforeach()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/prefix)
configure(${work}/build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/bot_test)
run(${work}/build/bot_memory)

# Without a token the bot names the variable and ends with the status it chose.
execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=INTENT_TOKEN ${work}/build/bot
    RESULT_VARIABLE status OUTPUT_VARIABLE output)
if(NOT status EQUAL 4 OR NOT output MATCHES "^intent [0-9]+\\.[0-9]+\\.[0-9]+\n.*INTENT_TOKEN")
    message(FATAL_ERROR "bot without a token: status ${status}, output:\n${output}")
endif()

# A component that does not exist, and one that is not installed.
function(expect_no_component component message)
    file(WRITE ${work}/no_component/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(no_component LANGUAGES CXX)\n"
        "find_package(intent CONFIG REQUIRED COMPONENTS ${component})\n")
    execute_process(COMMAND ${CMAKE_COMMAND} -S ${work}/no_component -B ${work}/no_component/build
        -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${work}/prefix
        RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    string(FIND "${output}" "${message}" at)
    if(status EQUAL 0 OR at EQUAL -1)
        message(FATAL_ERROR "COMPONENTS ${component}: status ${status}, expected \"${message}\", output:\n${output}")
    endif()
endfunction()
expect_no_component(toolbox "unknown component \"toolbox\"; allowed are: sandbox, settings, relay")
file(GLOB_RECURSE targets ${work}/prefix/*/intent-settings-*.cmake)
foreach(file IN LISTS targets)
    file(RENAME ${file} ${file}.away)
endforeach()
expect_no_component(settings "component \"settings\" is not installed")
foreach(file IN LISTS targets)
    file(RENAME ${file}.away ${file})
endforeach()

# The project of `intent new` compiles without a warning and passes its test.
run(${work}/prefix/bin/intent new ${work}/new-bot)
run(${CMAKE_COMMAND} -E env CXX=${CXX} CXXFLAGS=-Werror CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
    CMAKE_PREFIX_PATH=${work}/prefix make -C ${work}/new-bot test)
if(NOT output MATCHES "100% tests passed, 0 tests failed out of 1")
    message(FATAL_ERROR "no test of the new project has run:\n${output}")
endif()

# Without the library it names what to do.
execute_process(COMMAND ${CMAKE_COMMAND} -S ${work}/new-bot -B ${work}/lost -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_DISABLE_FIND_PACKAGE_intent=ON RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0 OR NOT output MATCHES "make test CMAKE_PREFIX_PATH=/path/to/prefix")
    message(FATAL_ERROR "the new project without the library: status ${status}, output:\n${output}")
endif()

# Whoever clones this project may have a compiler with warnings that nobody here has seen.
run(${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${work}/cloned -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=${CXX})
file(STRINGS ${work}/cloned/compile_commands.json strict REGEX "-Werror" LIMIT_COUNT 1)
if(strict)
    message(FATAL_ERROR "warnings are errors although nobody asks for it:\n${strict}")
endif()

# As a part of another project, which names no build type: configured only, its sources are the ones built above.
configure(${work}/fetched -DINTENT_WAY=FetchContent -DINTENT_SOURCE_DIR=${SOURCE_DIR})
if(EXISTS ${work}/fetched/compile_commands.json)
    message(FATAL_ERROR "compile_commands.json of a project that does not ask for it")
endif()
