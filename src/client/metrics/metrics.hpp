// All that a client counts for its metrics.
#pragma once

#include "client/metrics/command_metrics.hpp"
#include "client/metrics/counters.hpp"
#include "client/metrics/handler_metrics.hpp"
#include "client/metrics/rest_metrics.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace intent::client {

/// Lives as long as its client, through stops and restarts, so that counters do not start again.
struct Metrics {
    /// `event_names`: the names on the wire; the counters have one more, for other names.
    Metrics(unsigned lanes, std::span<const std::string_view> event_names)
        : names(event_names), received(event_names.size() + 1), handlers(lanes) {}

    void write(text::Exposition& out) const {
        using Type = text::Exposition::Type;
        out.family("intent_gateway_events_total", Type::counter, "Events received, with or without a handler.");
        for (std::size_t i = 0; i < received.size(); ++i)
            if (const auto count = received[i].read(); count != 0)
                out.sample({{"event", i < names.size() ? names[i] : "other"}}, count);
        handlers.write(out);
        rest.write(out);
        commands.write(out);
        out.single("intent_job_runs_total", Type::counter, "Runs of jobs that have started.", job_runs.read());
        out.single("intent_job_skips_total", Type::counter,
                   "Times of jobs skipped because the previous run had not ended.", job_skips.read());
    }

    const std::span<const std::string_view> names;
    std::vector<OwnedCounter> received;  ///< by the index of the event's name; the I/O thread's
    HandlerMetrics handlers;
    RestMetrics rest;
    CommandMetrics commands;
    SharedCounter job_runs;
    SharedCounter job_skips;
};

}  // namespace intent::client
