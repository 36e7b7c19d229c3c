// Options of a sandbox.
#pragma once

#include <intent/clock.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/log.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace intent::inline v0::sandbox {

/// Formats in which servers of the platform are known to differ (protocol §15).
enum class Dialect {
    spec,  ///< events wrapped (`{"message": {…}}`), lists plain
    web,   ///< events wrapped, lists wrapped (`{"servers": […]}`)
    flat,  ///< events flat, lists plain
};

/// How the gateway rejects an Identify or a Resume with an unknown token (protocol §5).
enum class Refusal {
    invalid_session,  ///< op 8 with `false`, as specified; the connection stays open for 20 s
    close_4004,       ///< close code 4004, as on other platforms of this family
};

/// A bot that exists from the start and is a member of the server "Sandbox".
struct Bot {
    std::string name;        ///< 2-32 of a-z 0-9 _
    std::string token = {};  ///< empty: the one in the database file, or a generated one
};

/// Options of a sandbox. All have defaults.
struct Options {
    std::string host = "127.0.0.1";   ///< the address to listen on
    std::uint16_t port = 0;           ///< 0: chosen by the system
    std::string database = {};        ///< path of a SQLite file, created if missing; empty: in memory
    std::vector<Bot> bots = {};       ///< empty: one bot named `bot`
    Dialect dialect = Dialect::spec;  ///< the wire format
    bool hello = false;  ///< the newer session protocol: Hello, `READY` and `RESUMED` as events (protocol §5)
    bool resume = true;  ///< false: no `session_id`; Resume is answered with close code 4003
    Refusal refuse_token = Refusal::invalid_session;      ///< how an unknown token is rejected
    std::chrono::milliseconds heartbeat_interval{41250};  ///< sent to clients; 100 ms to 10 min, as they accept
    /// Enforce rate limits (protocol §10). False: no request is rejected, and the headers report a limit that is never
    /// reached, so that clients do not wait. The client's own limit of 50 requests per second remains.
    bool limits = true;
    std::string certificate_file = {};  ///< PEM; https and wss if both files are set
    std::string private_key_file = {};  ///< PEM
    /// A TestClock stands still until `Sandbox::advance`; bots with `.clock = sandbox.clock()` move with it. Default:
    /// the system's clocks.
    intent::Clock clock = {};
    std::shared_ptr<LogSink> log = {};  ///< component "sandbox"; tokens are never logged
    /// Origins of web pages that may use the API and the gateway, such as `https://app.example`, in addition to those
    /// of this machine; `*` allows every web page (docs/sandbox.md, "Web pages"). Programs are always served.
    std::vector<std::string> allowed_origins = {};
};

}  // namespace intent::sandbox
