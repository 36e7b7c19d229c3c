#include "websocket/protocol.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace intent::websocket {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t control_bit = 0x08;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t two_byte_length = 126;
constexpr std::uint8_t eight_byte_length = 127;
constexpr std::size_t max_control_payload = 125;

constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t no_code = 1005;  // a close frame without payload; never sent as a code
constexpr std::uint16_t invalid_payload = 1007;
constexpr std::uint16_t message_too_big = 1009;

constexpr int max_pongs_in_output = 16;
constexpr std::size_t kept_message_bytes = 64u << 10;  // a larger buffer is freed

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Close codes that a frame may contain (§7.4): the registered ones, and 3000-4999 for libraries and programs.
bool may_be_sent(int code) {
    const bool registered = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    return registered || (code >= 3000 && code <= 4999);
}

template <std::size_t Size>
std::uint64_t big_endian(std::span<const std::uint8_t, Size> bytes) {
    std::uint64_t value = 0;
    for (const auto byte : bytes)
        value = value << 8 | byte;
    return value;
}

}  // namespace

Protocol::Protocol(std::size_t max_message_bytes, std::function<MaskKey()> next_key)
    : max_message_bytes_(max_message_bytes), next_key_(std::move(next_key)) {}

Protocol::Step Protocol::next_of_any_kind(std::span<const std::uint8_t> input) {
    if (fragmented_ == Opcode::continuation && !fragments_.empty()) {
        fragments_.clear();
        if (fragments_.capacity() > kept_message_bytes) fragments_.shrink_to_fit();
    }
    if (skipping_ > 0) return skip(input.size());

    if (input.size() < 2) return {.event = Event::need_more, .needed = 2};
    if (const char* problem = head_problem(input[0], input[1])) return fail(protocol_error, problem);
    const auto opcode = static_cast<Opcode>(input[0] & 0x0f);
    const bool final = (input[0] & final_bit) != 0;
    const bool control = (input[0] & control_bit) != 0;

    std::uint64_t length = input[1];
    std::size_t head_size = 2;
    if (length > max_control_payload) {
        const bool wide = length == eight_byte_length;
        head_size += wide ? 8 : 2;
        if (input.size() < head_size) return {.event = Event::need_more, .needed = head_size};
        length = wide ? big_endian(input.subspan<2, 8>()) : big_endian(input.subspan<2, 2>());
        if (length < (wide ? 0x10000u : two_byte_length)) return fail(protocol_error, "a length that is not minimal");
    }

    const bool discarded = close_sent_ && opcode != Opcode::close;
    const auto size = head_size + static_cast<std::size_t>(length);
    if (!discarded) {
        if (!control && length > max_message_bytes_ - fragments_.size()) return fail_too_big();
        if (input.size() < size) return {.event = Event::need_more, .needed = size};
    }

    const auto type = opcode == Opcode::continuation ? fragmented_ : opcode;
    if (!control) fragmented_ = final ? Opcode::continuation : type;
    if (discarded) {
        skipping_ = length;
        return {.consumed = head_size};
    }
    auto payload = input.subspan(head_size, static_cast<std::size_t>(length));
    if (control) return on_control(opcode, payload, size);
    if (!final || !fragments_.empty()) {
        payload = add_fragment(payload);
        if (!final) return {.consumed = size};
    }
    if (type == Opcode::binary) return {Event::binary, size, payload};
    if (text::first_invalid_utf8(as_text(payload))) return fail(invalid_payload, "a text message that is not UTF-8");
    return {Event::text, size, payload};
}

// Why a frame with these first two bytes must not be received now; null if it may.
const char* Protocol::head_problem(std::uint8_t first, std::uint8_t second) const {
    if ((first & reserved_bits) != 0) return "reserved bits without an extension";
    if ((second & mask_bit) != 0) return "a masked frame from a server";
    const auto opcode = static_cast<Opcode>(first & 0x0f);
    if ((first & control_bit) != 0) {
        if (opcode > Opcode::pong) return "an unknown opcode";
        if ((first & final_bit) == 0) return "a fragmented control frame";
        if (second > max_control_payload) return "a control frame of more than 125 bytes";
        return nullptr;
    }
    if (opcode > Opcode::binary) return "an unknown opcode";
    if (opcode == Opcode::continuation && fragmented_ == Opcode::continuation) return "a continuation of no message";
    if (opcode != Opcode::continuation && fragmented_ != Opcode::continuation) return "a message inside another one";
    return nullptr;
}

Protocol::Step Protocol::skip(std::size_t available) {
    if (available == 0) return {.event = Event::need_more, .needed = 1};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(skipping_, available));
    skipping_ -= count;
    return {.consumed = count};
}

// The message so far.
std::span<const std::uint8_t> Protocol::add_fragment(std::span<const std::uint8_t> payload) {
    fragments_.insert(fragments_.end(), payload.begin(), payload.end());
    return fragments_;
}

Protocol::Step Protocol::on_control(Opcode opcode, std::span<const std::uint8_t> payload, std::size_t frame_size) {
    if (opcode == Opcode::close) return on_close(payload);
    if (opcode == Opcode::ping) on_ping(payload);
    return {.consumed = frame_size};
}

void Protocol::on_ping(std::span<const std::uint8_t> payload) {
    if (pongs_ == max_pongs_in_output) {
        waiting_ping_.emplace(payload.begin(), payload.end());
        return;
    }
    append_frame(Opcode::pong, payload);
    ++pongs_;
}

void Protocol::answer_waiting_ping() {
    if (const auto payload = std::exchange(waiting_ping_, std::nullopt)) append_frame(Opcode::pong, *payload);
}

Protocol::Step Protocol::on_close(std::span<const std::uint8_t> payload) {
    if (payload.empty()) {
        close(no_code, {});
        return end(no_code, {});
    }
    if (payload.size() == 1) return fail(protocol_error, "a close frame with half a code");
    const auto code = static_cast<std::uint16_t>(big_endian(payload.first<2>()));
    const auto reason = as_text(payload.subspan(2));
    if (!may_be_sent(code)) return fail(protocol_error, "an invalid close code");
    if (text::first_invalid_utf8(reason)) return fail(invalid_payload, "a close reason that is not UTF-8");
    close(code, {});
    return end(code, std::string(reason));
}

Protocol::Step Protocol::fail(std::uint16_t code, const char* problem) {
    close(code, problem);
    return end(code, std::string("protocol error: ") + problem);
}

Protocol::Step Protocol::fail_too_big() {
    close(message_too_big, "message too large");
    return end(message_too_big, "a message over the limit of " + std::to_string(max_message_bytes_) + " bytes");
}

Protocol::Step Protocol::end(int code, std::string reason) {
    code_ = code;
    reason_ = std::move(reason);
    return {.event = Event::ended};
}

void Protocol::send(std::span<const std::uint8_t> message) {
    if (!close_sent_) append_frame(Opcode::binary, message);
}

void Protocol::close(std::uint16_t code, std::string_view reason) {
    if (close_sent_) return;
    answer_waiting_ping();
    close_sent_ = true;
    std::vector<std::uint8_t> payload;
    if (code != no_code) {
        reason = text::utf8_prefix(reason, max_close_reason);
        payload = {static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code)};
        payload.insert(payload.end(), reason.begin(), reason.end());
    }
    append_frame(Opcode::close, payload);
}

void Protocol::take_output(std::vector<std::uint8_t>& into) {
    answer_waiting_ping();
    pongs_ = 0;
    into.clear();
    into.swap(output_);
}

void Protocol::append_frame(Opcode opcode, std::span<const std::uint8_t> payload) {
    output_.push_back(final_bit | static_cast<std::uint8_t>(opcode));
    const std::uint64_t length = payload.size();
    if (length <= max_control_payload) {
        output_.push_back(static_cast<std::uint8_t>(mask_bit | length));
    } else {
        const bool wide = length > 0xffff;
        output_.push_back(mask_bit | (wide ? eight_byte_length : two_byte_length));
        for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8)
            output_.push_back(static_cast<std::uint8_t>(length >> shift));
    }
    const MaskKey key = next_key_();
    output_.insert(output_.end(), key.begin(), key.end());
    const std::size_t begin = output_.size();
    output_.insert(output_.end(), payload.begin(), payload.end());
    for (std::size_t i = 0; i < payload.size(); ++i)
        output_[begin + i] ^= key[i % key.size()];
}

}  // namespace intent::websocket
