// Reads the metrics of a bot on this machine for the sandbox's page, which cannot read another origin.
#pragma once

#include "net/http.hpp"
#include "net/loop.hpp"
#include "sandbox/rest/reply.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// The URL of the metrics at `address`: "127.0.0.1:9464", "localhost:9464" or "[::1]:9464". The caller chooses nothing
/// but the port, so this reaches no other machine and no other path. `localhost` is 127.0.0.1: no name is looked up.
///
/// Errors: Problem 400 for any other address, and for the sandbox's own port.
std::string bot_metrics_url(std::string_view address, std::uint16_t own_port);

/// Requests what `bot_metrics_url` returned, and passes on only an answer that can be metrics.
///
/// Threads: the loop's.
class BotMetrics {
public:
    explicit BotMetrics(net::Loop& loop) : loop_(loop) {}

    /// Calls `then` once, later: with the text, or with 502 and the reason.
    ///
    /// Errors: Problem 503 if `max_running` requests are in progress.
    void read(std::string url, std::function<void(ApiReply)> then);
    /// Drops requests in progress without calling `then`.
    void stop();

    static constexpr auto time_out = std::chrono::seconds(2);
    static constexpr std::size_t max_bytes = 4u << 20;
    static constexpr std::size_t max_running = 8;

private:
    net::Loop& loop_;
    std::unique_ptr<net::HttpClient> http_;  ///< created by the first request
    std::size_t running_ = 0;
};

}  // namespace intent::sandbox
