// A program whose output is read.
#pragma once

#include <string>
#include <vector>

namespace tool {

struct Captured {
    int status = 0;           ///< what it exited with, 128 + N if signal N ended it
    std::string output = {};  ///< its standard output
    std::string errors = {};  ///< its standard error
};

/// Runs `file` to its end, with nothing to read. `words` are its arguments, beginning with its name.
///
/// Errors: std::system_error if it cannot be started.
/// Cost: blocks until it has ended; the outputs wait in temporary files.
Captured run_captured(const std::string& file, std::vector<std::string> words);

}  // namespace tool
