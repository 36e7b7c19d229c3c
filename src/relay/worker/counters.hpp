// What a worker counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace intent::relay {

/// Threads: any.
struct WorkerCounters {
    using Counter = std::atomic<std::uint64_t>;

    Counter handled{0};
    Counter failed{0};
    Counter put_back{0};
    Counter dead_letters{0};
    Counter redelivered{0};
    Counter in_flight{0};   ///< gauge
    Counter pending{0};     ///< gauge: events that wait at the broker, as of the last delivery
    Counter partitions{0};  ///< gauge: that it owns
    Counter connected{0};   ///< gauge: 1 if events arrive
    Counter answered{0};    ///< requests to the relay, with an answer
    Counter unanswered{0};  ///< without one
    Counter repeated{0};    ///< copies of requests, because no answer came
};

/// In the text format of Prometheus.
std::string text_of(const WorkerCounters& counters);

}  // namespace intent::relay
