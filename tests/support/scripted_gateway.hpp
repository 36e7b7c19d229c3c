// A gateway and a REST API whose answers a test supplies (protocol §4, §9).
#pragma once

#include "codec/frame.hpp"
#include "net/server.hpp"
#include "tests/support/waiting.hpp"

#include <intent/client.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace intent::test {

/// Answers Identify and Resume, acknowledges heartbeats, records commands, and lets the test answer them.
///
/// Threads: `answer` runs on the gateway's own thread, where `dispatch`, `send` and `close` may be called.
class ScriptedGateway final : public net::ServerHandler {
public:
    /// Set before the client starts: called with each command, its `d` as JSON.
    std::function<void(codec::Opcode op, const std::string& data)> answer;
    /// Set before the client starts: called with each REST request, to be answered now or later. Unset: all get 404.
    std::function<void(const net::ServerRequest& request, std::function<void(net::ServerResponse)> respond)> rest;
    bool resumable = true;          ///< false: Ready has no session_id
    std::string servers = "[]";     ///< of Ready, as JSON
    std::string session_id = "s1";  ///< of Ready

    Recorder<std::string> commands;  ///< "4 {…}" for each command, and "identify", "resume s1 42"
    Recorder<std::string> requests;  ///< "GET /api/v1/servers" for each REST request

    ScriptedGateway();
    ~ScriptedGateway() override;

    ClientOptions options() const;

    void dispatch(const std::string& name, const std::string& json);
    void send(codec::Opcode op, const std::string& json);
    void send_bytes(codec::Bytes bytes);
    void close(std::uint16_t code);

    /// Sends Ready (op 3) and restarts the sequence numbers.
    void send_ready();
    /// Makes `seq` the number of the latest dispatch.
    void set_seq(std::uint64_t seq) { seq_ = seq; }

    /// Runs `work` on the gateway's thread.
    void say(std::function<void()> work);

    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override;
    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest&,
                                                        std::shared_ptr<net::ServerSocket> socket) override;

private:
    class Connection;

    void on_frame(const codec::Frame& frame);

    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
    std::shared_ptr<net::ServerSocket> socket_;  // the latest; of the loop's thread
    std::uint64_t seq_ = 0;
};

}  // namespace intent::test
