// Reads the journal of a running sandbox (docs/sandbox-control.md, "The journal").
#pragma once

#include "tools/intent/support/control.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// Reads the entries page by page.
///
/// Threads: one thread.
class Journal {
public:
    /// `kinds`: "frame,request", empty for all.
    Journal(Control& control, std::string kinds) : control_(control), kinds_(std::move(kinds)) {}

    /// Skips all existing entries. Errors: ControlError.
    void skip_to_end();

    struct Page {
        std::vector<std::string> lines = {};
        std::uint64_t skipped = 0;  ///< entries that were dropped before they could be read
        bool restarted = false;     ///< the sandbox restarted: the next page starts from its first entry
    };
    /// The next entries, at most 5,000; waits up to `wait` for the first one. Errors: ControlError; it can be called
    /// again afterwards.
    Page next(std::chrono::milliseconds wait);

private:
    Control& control_;
    std::string kinds_;
    std::string run_ = {};  ///< the run id of the sandbox that was read last
    std::uint64_t after_ = 0;
};

/// The non-empty lines of a text.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace tool
