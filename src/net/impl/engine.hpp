// The WebSocket protocol over memory: bytes in, messages and bytes to send out.
#pragma once

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::net {

/// A client's WebSocket without a socket. Beast performs the handshake, writes every frame, joins fragments and
/// refuses malformed frames. A cursor over the frame heads gives Beast whole frames only, so that its calls never have
/// to wait, returns unfragmented messages in place, and reads the peer's close frame.
///
/// How to drive it: call `start_handshake`, send `output()`, read the head of the answer, call `give_head`. After
/// `done`, for each batch of bytes read: call `begin_batch`, `next` until it needs more, `end_batch`; then send
/// `output()`.
///
/// Threads: one at a time; `done` is called through the executor.
class Engine {
public:
    enum class Event {
        need_more,  ///< the next frame is incomplete; `needed()` bytes would suffice
        nothing,    ///< took a frame that does not concern the user
        binary,
        text,
        ended,  ///< see `code()` and `reason()`; the contents of `output()` must still be sent
    };
    /// The first item of the input given to `next`. `message` points into the input or the engine and is valid until
    /// the next call.
    struct Step {
        Event event = Event::nothing;
        std::size_t consumed = 0;
        std::span<const std::uint8_t> message = {};
    };

    Engine(boost::asio::io_context& io, std::size_t max_message_bytes);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Writes the upgrade request. `done` gets the problem with the answer; empty: open.
    void start_handshake(const std::string& host, const std::string& target, const std::string& user_agent,
                         std::function<void(std::string fault)> done);
    /// The answer's head, up to and including its empty line.
    void give_head(std::string head);

    void begin_batch();
    Step next(std::span<const std::uint8_t> input);
    void end_batch();

    std::size_t needed() const;
    int code() const;                   ///< of the end; 1005: a close frame without a code
    const std::string& reason() const;  ///< of the end

    void write(std::span<const std::uint8_t> message);
    /// Writes a close frame. From then on `next` skips everything but the peer's.
    void close(std::uint16_t code, std::string_view reason);

    std::vector<std::uint8_t>& output();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace intent::net
