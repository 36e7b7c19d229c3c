// The implementation of the public IoThread.
#pragma once

#include "net/loop.hpp"

#include <intent/io_thread.hpp>

#include <memory>

namespace intent::inline v0::detail {

struct IoThreadLoop {
    /// Returns the loop that an IoThread runs. Threads: any.
    static std::shared_ptr<net::Loop> of(const IoThread& thread);
};

}  // namespace intent::detail
