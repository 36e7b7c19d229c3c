// Runs a program and captures its output.
#pragma once

#include <string>
#include <vector>

namespace tool {

struct Captured {
    int status = 0;           ///< exit status; 128 + N if signal N ended it
    std::string output = {};  ///< its standard output
    std::string errors = {};  ///< its standard error
};

/// Runs `file` until it exits, with empty standard input. `words` are its arguments, starting with its name.
///
/// Errors: std::system_error if it cannot be started.
/// Cost: blocks until it has exited; temporary files hold the outputs.
Captured run_captured(const std::string& file, std::vector<std::string> words);

}  // namespace tool
