#include "net/impl/engine.hpp"

#include "net/impl/engine_stream.hpp"
#include "net/impl/frame_head.hpp"
#include "net/impl/text.hpp"
#include "text/utf8.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace intent::net {

namespace websocket = boost::beast::websocket;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t max_frame_head = 14;
constexpr std::size_t max_control_payload = 125;
constexpr std::size_t kept_message_bytes = 64u << 10;  // a larger buffer is freed
// The number of pongs per batch of pings, and the unsent bytes above which pings go unanswered: a flood of pings must
// not cause a flood of pongs.
constexpr int max_pongs_in_batch = 16;
constexpr std::size_t max_output_for_pongs = 64u << 10;

int close_code_for(const error_code& error) {
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) return 1009;
    if (error == websocket::error::bad_frame_payload) return 1007;
    return 1002;
}

// A 101 has no body (RFC 9110 §15.2): its bytes would be read as frames.
bool announces_body(const websocket::response_type& answer) {
    const auto lengths = answer.equal_range(http::field::content_length);
    return answer.count(http::field::transfer_encoding) != 0 ||
           std::any_of(lengths.first, lengths.second, [](const auto& length) { return length.value() != "0"; });
}

// Close codes that a frame may contain (RFC 6455 §7.4): the registered ones, and 3000-4999 for libraries and programs.
bool may_be_sent(int code) {
    const bool registered = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    return registered || (code >= 3000 && code <= 4999);
}

struct PeersClose {
    std::uint16_t code = 1005;  // 1005: a frame without payload
    std::string_view reason = {};
    const char* problem = nullptr;  // why the frame is invalid
    std::uint16_t violation = 0;    // the code to close with
};

PeersClose read_close(std::span<const std::uint8_t> payload) {
    if (payload.empty()) return {};
    if (payload.size() == 1) return {.problem = "a close frame with an incomplete code", .violation = 1002};
    const auto code = static_cast<std::uint16_t>(payload[0] << 8 | payload[1]);
    if (!may_be_sent(code)) return {.problem = "an invalid close code", .violation = 1002};
    const std::string_view reason(reinterpret_cast<const char*>(payload.data()) + 2, payload.size() - 2);
    if (text::first_invalid_utf8(reason)) return {.problem = "a close reason that is not UTF-8", .violation = 1007};
    return {.code = code, .reason = reason};
}

}  // namespace

struct Engine::Impl {
    Impl(boost::asio::io_context& io, std::size_t max)
        : max_message_bytes(max), ws(EngineStream(io.get_executor(), memory)) {
        ws.auto_fragment(false);
        ws.binary(true);
        ws.read_message_max(max);
    }

    Step next(std::span<const std::uint8_t> input);
    Step next_irregular(const FrameHead& head, std::span<const std::uint8_t> input);
    Step on_fragment(const FrameHead& head, std::span<const std::uint8_t> frame);
    Step on_ping(std::span<const std::uint8_t> payload, std::size_t consumed);
    Step on_close(std::span<const std::uint8_t> payload);
    Step skip(std::span<const std::uint8_t> input);
    Step judge(std::span<const std::uint8_t> frame);
    Step need(std::size_t bytes);
    Step end(int code, std::string text);
    Step violation(std::uint16_t code, const std::string& problem);
    Step too_large(std::uint64_t length);
    bool well_formed(const FrameHead& head) const;
    void pong(std::span<const std::uint8_t> payload);
    void answer_late_ping();
    std::vector<std::uint8_t> with_held_start(std::span<const std::uint8_t> frame);
    void close(std::uint16_t code, std::string_view text);

    const std::size_t max_message_bytes;
    std::shared_ptr<EngineMemory> memory = std::make_shared<EngineMemory>();
    websocket::stream<EngineStream, false> ws;
    websocket::response_type answer;
    std::string head;

    std::vector<std::uint8_t> message;  // fragments so far
    bool in_message = false;            // between a message's first fragment and its last
    // First byte of an empty first fragment; 0 if there is none. Beast gets it together with the next fragment,
    // because it reads on at once after an empty one.
    std::uint8_t held_start = 0;
    bool message_out = false;  // the message was handed out; the next call may reuse its memory

    int pongs = 0;
    std::optional<std::vector<std::uint8_t>> late_pong;  // the newest ping beyond max_pongs_in_batch

    bool closing = false;       // our close frame was written
    std::uint64_t to_skip = 0;  // of a frame's payload, while closing

    std::size_t needed = 2;
    int code = 1006;
    std::string reason;
};

Engine::Step Engine::Impl::need(std::size_t bytes) {
    needed = bytes;
    return {Event::need_more};
}

Engine::Step Engine::Impl::end(int end_code, std::string text) {
    code = end_code;
    reason = std::move(text);
    return {Event::ended};
}

void Engine::Impl::close(std::uint16_t close_code, std::string_view text) {
    if (closing) return;
    closing = true;
    websocket::close_reason frame;
    frame.code = close_code;
    const auto fitting = text::utf8_prefix(text, max_close_reason);
    frame.reason.assign(fitting.data(), fitting.size());
    // Beast writes the frame and then tries to read the answer, which is not there yet: it fails with would_block. It
    // is not needed from here on.
    memory->window = {};
    error_code ignored;
    ws.close(frame, ignored);
}

Engine::Step Engine::Impl::violation(std::uint16_t violated, const std::string& problem) {
    answer_late_ping();
    close(violated, problem);
    return end(violated, "protocol error: " + problem);
}

Engine::Step Engine::Impl::too_large(std::uint64_t length) {
    close(1009, "message too large");
    return end(1009, "a message of " + std::to_string(length) + " bytes or more is over the limit of " +
                         std::to_string(max_message_bytes));
}

// True if Beast would accept the frame.
bool Engine::Impl::well_formed(const FrameHead& frame) const {
    if (frame.masked || frame.reserved_bits() || !frame.known() || !frame.canonical) return false;
    if (frame.control()) return frame.final() && frame.length <= max_control_payload;
    return frame.is(Opcode::continuation) == in_message;
}

Engine::Step Engine::Impl::next(std::span<const std::uint8_t> input) {
    if (closing) return skip(input);
    const auto frame = parse_frame_head(input);
    if (!frame) return need(input.size() < 2 ? 2 : max_frame_head);
    const bool whole_message = frame->first == (0x80 | 2) || frame->first == (0x80 | 1);  // FIN, no RSV, data
    if (!whole_message || in_message || frame->masked || !frame->canonical) return next_irregular(*frame, input);
    if (frame->length > max_message_bytes) return too_large(frame->length);
    const auto size = frame->size + static_cast<std::size_t>(frame->length);
    if (input.size() < size) return need(size);
    const auto payload = input.subspan(frame->size, static_cast<std::size_t>(frame->length));
    if (frame->is(Opcode::binary)) return {Event::binary, size, payload};
    if (text::first_invalid_utf8({reinterpret_cast<const char*>(payload.data()), payload.size()}))
        return violation(1007, "a text message that is not UTF-8");
    return {Event::text, size, payload};
}

// Control frames, fragments and invalid frames.
Engine::Step Engine::Impl::next_irregular(const FrameHead& frame, std::span<const std::uint8_t> input) {
    // Beast needs only the head to refuse it, and its length cannot be trusted.
    if (!well_formed(frame)) return judge(input.first(frame.size));
    if (!frame.control() && frame.length > max_message_bytes - message.size())
        return too_large(message.size() + frame.length);
    const auto size = frame.size + static_cast<std::size_t>(frame.length);
    if (input.size() < size) return need(size);
    const auto whole = input.first(size);
    if (frame.is(Opcode::ping)) return on_ping(whole.subspan(frame.size), size);
    if (frame.is(Opcode::pong)) return {Event::nothing, size};
    if (frame.is(Opcode::close)) return on_close(whole.subspan(frame.size));
    return on_fragment(frame, whole);
}

Engine::Step Engine::Impl::on_ping(std::span<const std::uint8_t> payload, std::size_t consumed) {
    if (pongs < max_pongs_in_batch)
        pong(payload);
    else
        late_pong.emplace(payload.begin(), payload.end());
    ++pongs;
    return {Event::nothing, consumed};
}

// Handled here, because Beast accepts codes from 5000 on and refuses 1014.
Engine::Step Engine::Impl::on_close(std::span<const std::uint8_t> payload) {
    const auto peer = read_close(payload);
    if (peer.problem) return violation(peer.violation, peer.problem);
    answer_late_ping();  // nothing is sent after a close frame
    close(peer.code == 1005 ? std::uint16_t{websocket::close_code::none} : peer.code, {});
    return end(peer.code, peer_text(peer.reason, max_close_reason));
}

void Engine::Impl::pong(std::span<const std::uint8_t> payload) {
    if (memory->output.size() > max_output_for_pongs) return;
    error_code ignored;
    ws.pong(websocket::ping_data(reinterpret_cast<const char*>(payload.data()), payload.size()), ignored);
}

// Gives Beast a frame that it must refuse.
Engine::Step Engine::Impl::judge(std::span<const std::uint8_t> frame) {
    answer_late_ping();  // nothing is sent once Beast has seen an end
    const auto joined = with_held_start(frame);
    memory->window = joined.empty() ? frame : std::span<const std::uint8_t>(joined);
    error_code error;
    std::uint8_t nothing = 0;
    ws.read_some(boost::asio::buffer(&nothing, 1), error);
    memory->window = {};
    return end(close_code_for(error), "protocol error: " + (error ? error.message() : std::string("unexpected frame")));
}

// The held-back start and the frame, to be read one after the other; empty if no start was held back.
std::vector<std::uint8_t> Engine::Impl::with_held_start(std::span<const std::uint8_t> frame) {
    const auto start = std::exchange(held_start, std::uint8_t{0});
    if (start == 0) return {};
    std::vector<std::uint8_t> joined{start, 0};
    joined.insert(joined.end(), frame.begin(), frame.end());
    return joined;
}

void Engine::Impl::answer_late_ping() {
    if (const auto payload = std::exchange(late_pong, std::nullopt)) pong(*payload);
}

Engine::Step Engine::Impl::on_fragment(const FrameHead& frame, std::span<const std::uint8_t> whole) {
    const auto length = static_cast<std::size_t>(frame.length);
    const bool first = !in_message;
    in_message = !frame.final();
    if (length == 0 && !frame.final()) {
        if (first) held_start = frame.first;
        return {Event::nothing, whole.size()};
    }
    const auto joined = with_held_start(whole);
    memory->window = joined.empty() ? whole : std::span<const std::uint8_t>(joined);
    const auto before = message.size();
    message.resize(before + std::max<std::size_t>(length, 1));  // Beast requires room even for an empty last fragment
    std::size_t done = 0;
    error_code error;
    do {
        done +=
            ws.read_some(boost::asio::buffer(message.data() + before + done, message.size() - before - done), error);
    } while (!error && done < length);
    memory->window = {};
    message.resize(before + done);
    if (error) return end(close_code_for(error), "protocol error: " + error.message());
    if (in_message) return {Event::nothing, whole.size()};
    message_out = true;
    return {ws.got_binary() ? Event::binary : Event::text, whole.size(), message};
}

// After our close frame: waits only for the peer's.
Engine::Step Engine::Impl::skip(std::span<const std::uint8_t> input) {
    if (to_skip > 0) {
        if (input.empty()) return need(1);
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip, input.size()));
        to_skip -= count;
        return {Event::nothing, count};
    }
    const auto frame = parse_frame_head(input);
    if (!frame) return need(input.size() < 2 ? 2 : max_frame_head);
    if (!frame->is(Opcode::close)) {
        to_skip = frame->length;
        return {Event::nothing, frame->size};
    }
    if (frame->masked || frame->reserved_bits() || !frame->final() || frame->length > max_control_payload)
        return end(1002, "protocol error: malformed close frame");
    const auto size = frame->size + static_cast<std::size_t>(frame->length);
    if (input.size() < size) return need(size);
    const auto close = read_close(input.subspan(frame->size, static_cast<std::size_t>(frame->length)));
    if (close.problem) return end(close.violation, std::string("protocol error: ") + close.problem);
    return end(close.code, peer_text(close.reason, max_close_reason));
}

Engine::Engine(boost::asio::io_context& io, std::size_t max_message_bytes)
    : impl_(std::make_unique<Impl>(io, max_message_bytes)) {}

Engine::~Engine() = default;

void Engine::start_handshake(const std::string& host, const std::string& target, const std::string& user_agent,
                             std::function<void(std::string)> done) {
    auto& ws = impl_->ws;
    ws.set_option(websocket::stream_base::decorator(
        [user_agent](websocket::request_type& request) { request.set(http::field::user_agent, user_agent); }));
    ws.async_handshake(impl_->answer, host, target,
                       [impl = impl_.get(), done = std::move(done)](const error_code& error) {
                           // Destroying the engine aborts the handshake: then `impl` is gone.
                           if (error == boost::asio::error::operation_aborted) return;
                           if (error) return done(error.message());
                           if (impl->answer.count(http::field::sec_websocket_accept) != 1)
                               return done("the server sent more than one Sec-WebSocket-Accept");
                           if (announces_body(impl->answer)) return done("the server's 101 announces a body");
                           if (impl->answer.count(http::field::sec_websocket_extensions) != 0)
                               return done("the server turned on an extension that was not offered");
                           if (impl->answer.count(http::field::sec_websocket_protocol) != 0)
                               return done("the server chose a subprotocol that was not offered");
                           impl->answer = {};
                           done({});
                       });
}

void Engine::give_head(std::string head) {
    impl_->head = std::move(head);
    impl_->memory->window = {reinterpret_cast<const std::uint8_t*>(impl_->head.data()), impl_->head.size()};
    if (const auto waiting = std::exchange(impl_->memory->waiting_read, nullptr)) waiting({});
}

void Engine::begin_batch() { impl_->pongs = 0; }

Engine::Step Engine::next(std::span<const std::uint8_t> input) {
    if (impl_->message_out) {
        impl_->message_out = false;
        impl_->message.clear();
        if (impl_->message.capacity() > kept_message_bytes) impl_->message.shrink_to_fit();
    }
    return impl_->next(input);
}

void Engine::end_batch() { impl_->answer_late_ping(); }

std::size_t Engine::needed() const { return impl_->needed; }
int Engine::code() const { return impl_->code; }
const std::string& Engine::reason() const { return impl_->reason; }

void Engine::write(std::span<const std::uint8_t> message) {
    if (impl_->closing) return;
    error_code ignored;  // memory accepts everything; nothing is sent after the end
    impl_->ws.write(boost::asio::buffer(message.data(), message.size()), ignored);
}

void Engine::close(std::uint16_t code, std::string_view reason) { impl_->close(code, reason); }

std::vector<std::uint8_t>& Engine::output() { return impl_->memory->output; }

}  // namespace intent::net
