// Invocations of commands, by name.
#pragma once

#include "client/metrics/counters.hpp"
#include "text/exposition.hpp"

#include <intent/detail/command_metrics.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace intent::client {

/// Threads: any.
class CommandMetrics {
public:
    void on_end(std::string_view command, detail::CommandOutcome outcome, DurationHistogram::Duration took);

    void write(text::Exposition& out) const;

private:
    /// Bounds the memory if modules register ever new names; later ones count as "other".
    static constexpr std::size_t max_commands = 500;

    struct Command {
        std::array<std::uint64_t, 5> outcomes{};
        DurationHistogram durations = {};
    };

    mutable std::mutex mutex_;
    std::map<std::string, Command, std::less<>> commands_;  // guarded by mutex_
};

}  // namespace intent::client
