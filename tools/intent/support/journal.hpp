// What goes over the wire of a running sandbox (docs/sandbox-control.md, "The journal").
#pragma once

#include "tools/intent/support/control.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// Reads on from an entry.
///
/// Threads: one thread.
class Journal {
public:
    /// `kinds`: "frame,request", empty for all.
    Journal(Control& control, std::string kinds) : control_(control), kinds_(std::move(kinds)) {}

    /// Goes to the end of what there is. Errors: ControlError.
    void skip_to_end();

    struct Page {
        std::vector<std::string> lines = {};
        std::uint64_t skipped = 0;  ///< entries that were gone, or too many, before they could be read
        bool began_anew = false;    ///< the sandbox was started anew: the next page is from the beginning
    };
    /// What came since, at most 5,000 entries; waits up to `wait` for the first. Errors: ControlError; it can be called
    /// again then.
    Page next(std::chrono::milliseconds wait);

private:
    Control& control_;
    std::string kinds_;
    std::string run_ = {};  ///< of the sandbox that was read last
    std::uint64_t after_ = 0;
};

/// The lines of a text, without empty ones.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace tool
