// A server's bytes in any slices: the machine returns what a simple reader of the whole input returns, and sends only
// well-formed frames, the close frame last.
#include "fuzz/require.hpp"
#include "tests/support/websocket_frames.hpp"
#include "text/utf8.hpp"
#include "websocket/protocol.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace intent::fuzz {
namespace {

constexpr std::size_t limit = 300;

struct Outcome {
    std::vector<std::string> messages = {};
    std::vector<std::string> pings = {};
    int code = 0;  ///< of the end; 0 while it is open
    bool operator==(const Outcome&) const = default;
};

bool is_valid(const std::string& text) { return !text::first_invalid_utf8(text); }

/// RFC 6455 §5-§8 for a client, over the whole of `bytes`.
Outcome expected(std::string_view bytes) {
    Outcome out;
    const auto ended = [&](int code) {
        out.code = code;
        return out;
    };
    std::string message;
    int type = 0;  // of the message in fragments; 0: none
    while (bytes.size() >= 2) {
        const int first = static_cast<std::uint8_t>(bytes[0]), opcode = first & 15;
        const bool last = first >= 128, control = opcode >= 8;
        std::uint64_t length = static_cast<std::uint8_t>(bytes[1]);
        const bool allowed =
            control ? opcode <= 10 && last && length <= 125 : opcode <= 2 && (opcode == 0) == (type != 0);
        if ((first & 0x70) != 0 || length >= 128 || !allowed) return ended(1002);
        const std::size_t extra = length == 127 ? 8 : length == 126 ? 2 : 0;
        if (bytes.size() < 2 + extra) break;
        if (extra != 0) {
            length = 0;
            for (std::size_t i = 0; i < extra; ++i)
                length = length * 256 + static_cast<std::uint8_t>(bytes[2 + i]);
            if (length <= (extra == 2 ? 125u : 65535u)) return ended(1002);
        }
        if (!control && length > limit - message.size()) return ended(1009);
        bytes.remove_prefix(2 + extra);
        if (bytes.size() < length) break;
        const std::string payload(bytes.substr(0, length));
        bytes.remove_prefix(length);
        if (opcode == 9) out.pings.push_back(payload);
        if (opcode == 8) {
            if (length == 0) return ended(1005);
            if (length == 1) return ended(1002);
            out.code = static_cast<std::uint8_t>(payload[0]) * 256 + static_cast<std::uint8_t>(payload[1]);
            const bool known = (out.code >= 1000 && out.code <= 1003) || (out.code >= 1007 && out.code <= 1014);
            if (!known && (out.code < 3000 || out.code > 4999)) return ended(1002);
            return is_valid(payload.substr(2)) ? out : ended(1007);
        }
        if (control) continue;
        if (opcode != 0) type = opcode;
        message += payload;
        if (!last) continue;
        if (type == 1 && !is_valid(message)) return ended(1007);
        out.messages.push_back((type == 1 ? "t:" : "b:") + message);
        message.clear();
        type = 0;
    }
    return out;
}

class Client {
public:
    void receive(std::string_view bytes) {
        received_ += bytes;
        while (outcome_.code == 0) {
            const auto step =
                protocol_.next({reinterpret_cast<const std::uint8_t*>(received_.data()), received_.size()});
            using Event = websocket::Protocol::Event;
            if (step.event == Event::need_more) return require(step.needed > received_.size(), "needs what it has");
            require(step.event == Event::ended || step.consumed > 0, "no progress");
            require(step.consumed <= received_.size(), "consumed more than there was");
            if (step.event == Event::ended) outcome_.code = protocol_.code();
            if (step.event == Event::binary || step.event == Event::text)
                outcome_.messages.push_back((step.event == Event::text ? "t:" : "b:") +
                                            std::string(step.message.begin(), step.message.end()));
            received_.erase(0, step.consumed);
        }
    }

    /// Reads what was sent, as the server.
    void take_output() {
        std::vector<std::uint8_t> bytes;
        protocol_.take_output(bytes);
        std::size_t at = 0;
        const auto read = [&](std::size_t count) {
            const std::size_t part = std::min(count, bytes.size() - at);
            at += part;
            return std::string(reinterpret_cast<const char*>(bytes.data()) + at - part, part);
        };
        while (at < bytes.size()) {
            const auto frame = test::read_client_frame(read);
            require(frame && frame->final, "sent a malformed frame");
            require(!closed_, "sent something after the close frame");
            closed_ = frame->opcode == 8;
            require(closed_ || frame->opcode == 10, "sent something but pongs and the close frame");
            const auto& payload = frame->payload;
            require(!closed_ || payload.empty() ||
                        test::close_payload(static_cast<std::uint16_t>(expected(test::frame(0x88, payload)).code)) ==
                            payload.substr(0, 2),
                    "sent an invalid close frame");
            if (!closed_) outcome_.pings.push_back(frame->payload);
        }
    }

    bool closed() const { return closed_; }
    const Outcome& outcome() const { return outcome_; }

private:
    websocket::Protocol protocol_{limit, [key = std::uint8_t{0}]() mutable {
                                      return websocket::MaskKey{++key, 7, 0, 0xff};
                                  }};
    std::string received_;
    Outcome outcome_;
    bool closed_ = false;
};

/// Frames, mostly well-formed, and some bytes that are not.
std::string server_bytes(FuzzedDataProvider& input) {
    static constexpr std::uint8_t firsts[]{0x82, 0x81, 0x02, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x88};
    std::string bytes;
    while (input.remaining_bytes() > 0 && bytes.size() < 3000) {
        const int kind = input.ConsumeIntegralInRange(0, 15);
        if (kind == 0) {
            bytes += input.ConsumeRandomLengthString(16);
        } else if (kind == 1) {
            bytes += test::frame(
                0x88, test::close_payload(input.ConsumeIntegral<std::uint16_t>(), input.ConsumeRandomLengthString(20)));
        } else {
            const auto first = kind == 2 ? input.ConsumeIntegral<std::uint8_t>() : input.PickValueInArray(firsts);
            std::string payload = input.ConsumeRandomLengthString(40);
            payload.append(input.ConsumeIntegralInRange<std::size_t>(0, kind == 3 ? 280 : 0), 'x');
            bytes += test::frame(first, payload);
        }
    }
    return bytes;
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent::fuzz;
    FuzzedDataProvider input(data, size);
    const auto max_slice = input.ConsumeIntegralInRange<std::size_t>(1, 400);
    const std::string bytes = input.ConsumeBool() ? input.ConsumeRemainingBytesAsString() : server_bytes(input);
    Client client;
    // Slices of 1 to `max_slice` bytes. The output is taken after each one, so no ping goes unanswered.
    std::size_t slice = max_slice;
    for (std::size_t at = 0; at < bytes.size(); at += slice) {
        slice = 1 + (slice * 31 + at) % max_slice;
        client.receive(std::string_view(bytes).substr(at, slice));
        client.take_output();
    }
    auto wanted = expected(bytes);
    require(client.outcome().code == wanted.code, "another end:", std::to_string(client.outcome().code));
    require(client.outcome().messages == wanted.messages, "other messages");
    require(client.closed() == (wanted.code != 0), "no close frame at the end, or one before");
    // Of a flood in one slice only the first pongs and the newest are sent.
    auto next = wanted.pings.begin();
    for (const auto& pong : client.outcome().pings) {
        next = std::find(next, wanted.pings.end(), pong);
        require(next != wanted.pings.end(), "a pong without a ping");
        ++next;
    }
    require(wanted.pings.size() <= 16 ? client.outcome().pings == wanted.pings : !client.outcome().pings.empty(),
            "a ping without a pong");
    return 0;
}
