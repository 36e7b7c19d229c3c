# Installs a build into a prefix of its own, builds the consumer against it and runs what was built.
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
endfunction()

set(configure ${CMAKE_COMMAND} -S ${consumer} -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/prefix)
run(${configure} -B ${work}/build -DCMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/bot_test)

# Without a token the bot names the variable and ends with the status it chose.
execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=INTENT_TOKEN ${work}/build/bot
    RESULT_VARIABLE status OUTPUT_VARIABLE output)
if(NOT status EQUAL 4 OR NOT output MATCHES "^intent [0-9]+\\.[0-9]+\\.[0-9]+\n.*INTENT_TOKEN")
    message(FATAL_ERROR "bot without a token: status ${status}, output:\n${output}")
endif()

# As a part of another project: configured only, its sources are the ones built above.
run(${configure} -B ${work}/fetched -DINTENT_SOURCE_DIR=${SOURCE_DIR} -DINTENT_BUILD_SANDBOX=ON)
