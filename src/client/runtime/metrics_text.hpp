// A client's metrics as text.
#pragma once

#include "client/cache/caches.hpp"
#include "client/metrics/metrics.hpp"
#include "client/runtime/gauge_board.hpp"

#include <intent/gauges.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace intent::client {

/// Where the figures of a scrape come from.
struct MetricsSources {
    const GaugeBoard& board;
    const Gauges& gauges;
    std::size_t queue_limit;
    Caches& caches;
    std::size_t jobs;
    std::optional<std::chrono::nanoseconds> loop_lag;
    const Metrics* metrics;  ///< null: nothing is collected
};

/// docs/metrics.md describes the result.
std::string metrics_text(const MetricsSources& sources);

}  // namespace intent::client
