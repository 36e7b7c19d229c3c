# Prints a note to projects that compile bots with g++ 12, once per build directory.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\."
   AND NOT INTENT_NOTED_GCC_12 AND NOT intent_FIND_QUIETLY)
    set(INTENT_NOTED_GCC_12 TRUE CACHE INTERNAL "The note about g++ 12 has been shown")
    message(NOTICE
        "intent: g++ 12 destroys some temporaries of co_await expressions twice: the result of ?:, aggregates, capturing "
        "lambdas. Run `intent lint` over the sources of the bot, or use g++ 13 or clang. See docs/coroutines.md.")
endif()
