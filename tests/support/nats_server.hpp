// A real broker for tests.
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace intent::test {

/// A free port of this machine, for this object alone among all tests.
class ReservedPort {
public:
    ReservedPort();
    ~ReservedPort();
    ReservedPort(const ReservedPort&) = delete;
    ReservedPort& operator=(const ReservedPort&) = delete;
    std::uint16_t number() const noexcept { return number_; }

private:
    std::uint16_t number_ = 0;
    int lock_ = -1;
};

/// A nats-server with JetStream on 127.0.0.1, with its files in a folder that goes with it. Its port stays the same
/// over restarts. It ends with this process, also if that crashes.
class NatsServer {
public:
    /// Starts it and waits until it is ready. `config`: further lines of its configuration file (accounts, TLS,
    /// `max_payload: …`); a line that has `jetstream` replaces the default one, so that it can set limits:
    /// `jetstream { store_dir: "$DIR", max_file_store: 1MB }`, where `$DIR` becomes the folder.
    ///
    /// Errors: std::runtime_error with its log if it does not start.
    explicit NatsServer(const std::string& config = {});
    ~NatsServer();
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;

    /// Whether the program is installed. A test without it skips: `INTENT_NEEDS_NATS()`.
    static bool installed();

    std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_.number()); }
    std::string tls_url() const { return "tls://localhost:" + std::to_string(port_.number()); }
    std::uint16_t port() const noexcept { return port_.number(); }

    void start();    ///< after `kill` or `stop`; waits until it is ready
    void kill();     ///< as `kill -9`
    void stop();     ///< orderly
    void suspend();  ///< as `kill -STOP`: it keeps its connections and answers nothing
    void resume();   ///< ends `suspend`
    bool running() const noexcept { return process_ > 0; }

    /// Replaces the further lines of its configuration, for the next `start`.
    void configure(const std::string& config);

    std::string folder() const { return folder_.path(); }
    /// The end of its log, for failures.
    std::string log() const;

private:
    void end(int signal);
    bool ready() const;

    TemporaryFolder folder_;
    std::string config_;
    ReservedPort port_;
    pid_t process_ = -1;
};

}  // namespace intent::test

/// Skips the test if there is no broker on this machine.
#define INTENT_NEEDS_NATS()                       \
    if (!::intent::test::NatsServer::installed()) \
    GTEST_SKIP() << "nats-server is not installed (Debian: apt-get install nats-server); set NATS_SERVER to its path"
