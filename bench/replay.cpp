// A gateway that only sends, in its own process: prints its port, then serves one connection after another until it is
// ended. It answers Identify, heartbeats and the close handshake. A presence (op 10) starts the run:
//
//   intent_bench_replay messages N [AUTHORS [SIZE]]   a burst of N messages, encoded in advance, as fast as they are
//                                                     read, by so many people, of SIZE characters instead of 52 to 150
//   intent_bench_replay members|channels N            a burst of other events
//   intent_bench_replay paced N RATE                  N messages, RATE per second, each with its send time
//   intent_bench_replay echo N                        a message, and the next one for each presence, N in total
//
// Every run ends with a MESSAGE_DELETE. When its connection has ended, `echo` prints a line of round trips in ns: from
// sending a message to the presence that answers it.
#include "bench/clocks.hpp"
#include "bench/hand_reader.hpp"
#include "bench/web_socket.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/prctl.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace intent::bench {
namespace {

/// The run that a presence starts.
class Show {
public:
    virtual ~Show() = default;
    virtual void on_presence(const Socket& socket) = 0;
    virtual void on_end() {}

protected:
    std::uint32_t seq_ = first_seq;  // of the next event; continues across connections
};

class Burst final : public Show {
public:
    using Event = std::function<Bytes(std::uint64_t number, std::uint32_t seq)>;

    Burst(std::uint64_t events, Event event) : events_(events), event_(std::move(event)) { encode(0); }

    void on_presence(const Socket& socket) override {
        for (std::uint64_t sent = 0;;) {
            socket.send(bytes_);
            sent += held_;
            if (sent == events_) break;
            encode(sent);
        }
        if (held_ == events_) {
            renumber();
        } else {
            encode(0);
        }
    }

private:
    static constexpr std::uint64_t at_once = 100'000;

    /// Encodes the events from `first` on, as many as are kept at once, and the last one if it follows them.
    void encode(std::uint64_t first) {
        bytes_.clear();
        held_ = std::min(at_once, events_ - first);
        for (std::uint64_t i = 0; i < held_; ++i)
            append_frame(bytes_, event_(first + i, seq_++));
        if (first + held_ == events_) append_frame(bytes_, last_event(seq_++));
    }

    /// Turns sent events into new ones: only their sequence numbers change.
    void renumber() {
        WholeFrame frame;
        for (std::size_t at = 0; whole_frame(bytes_.data() + at, bytes_.size() - at, frame);) {
            at = static_cast<std::size_t>(frame.payload + frame.size - bytes_.data());
            for (std::size_t i = 0; i < 4; ++i)
                bytes_[at - 1 - i] = static_cast<std::uint8_t>(seq_ >> (8 * i));
            ++seq_;
        }
    }

    const std::uint64_t events_;
    const Event event_;
    Bytes bytes_;
    std::uint64_t held_ = 0;
};

void send_stamped(const Socket& socket, std::uint32_t seq, std::int64_t time) {
    std::string stamp = std::to_string(time);
    stamp.insert(0, 20 - stamp.size(), '0');
    static Bytes frame;
    static std::ptrdiff_t at = 0, id_at = 0;
    if (frame.empty()) {  // of constant size, so that it is encoded once
        append_frame(frame, message_create(0, first_seq, "stamp: 00000000000000000000"));
        const auto place_of = [](std::string_view text) {
            return std::search(frame.begin(), frame.end(), text.begin(), text.end()) - frame.begin();
        };
        const std::string_view mark = "stamp: ";
        at = place_of(mark) + std::ssize(mark);
        id_at = place_of(id(2, 0));
    }
    std::ranges::copy(stamp, frame.begin() + at);
    std::ranges::copy(id(2, seq - first_seq), frame.begin() + id_at);  // a relay drops a message that it has seen
    for (std::size_t i = 0; i < 4; ++i)
        frame[frame.size() - 1 - i] = static_cast<std::uint8_t>(seq >> (8 * i));
    socket.send(frame);
}

void send_last(const Socket& socket, std::uint32_t seq) {
    Bytes frame;
    append_frame(frame, last_event(seq));
    socket.send(frame);
}

class Paced final : public Show {
public:
    Paced(int events, int rate) : events_(events), gap_(1'000'000'000 / rate) { ::prctl(PR_SET_TIMERSLACK, 1); }

    void on_presence(const Socket& socket) override {
        std::int64_t due = monotonic_ns();
        for (int i = 0; i < events_; ++i) {
            due += gap_;
            sleep_until(due);
            send_stamped(socket, seq_++, monotonic_ns());
        }
        send_last(socket, seq_++);
    }

private:
    const int events_;
    const std::int64_t gap_;
};

class Echo final : public Show {
public:
    explicit Echo(std::size_t events) : events_(events) { round_trips_.reserve(events); }

    void on_presence(const Socket& socket) override {
        const std::int64_t now = monotonic_ns();
        if (sent_ != 0) round_trips_.push_back(now - sent_);
        sent_ = now;
        if (round_trips_.size() == events_) {
            send_last(socket, seq_++);
        } else {
            send_stamped(socket, seq_++, now);
        }
    }

    void on_end() override {
        for (const auto round_trip : round_trips_)
            std::printf("%lld ", static_cast<long long>(round_trip));
        std::printf("\n");
        std::fflush(stdout);
        round_trips_.clear();
        sent_ = 0;
    }

private:
    const std::size_t events_;
    std::vector<std::int64_t> round_trips_;
    std::int64_t sent_ = 0;
};

bool upgrade(const Socket& socket) {
    const std::string request = socket.read_head();
    const std::string_view name = "Sec-WebSocket-Key: ";
    const std::size_t at = request.find(name);
    if (at == std::string::npos) return false;
    const std::size_t begin = at + name.size();
    const std::string key =
        request.substr(begin, request.find("\r\n", begin) - begin) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
    unsigned char accept[64];
    EVP_EncodeBlock(accept, digest, SHA_DIGEST_LENGTH);
    return socket.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " +
        std::string(reinterpret_cast<const char*>(accept)) + "\r\n\r\n");
}

/// The opcode of a client's frame, in which `op` comes first.
std::uint64_t gateway_op(std::span<const std::uint8_t> payload) {
    HandReader reader(payload);
    reader.map_size();
    return reader.text() == "op" ? reader.number() : ~std::uint64_t{0};
}

void serve(const Socket& socket, Show& show) {
    Bytes ready_frame, ack;
    append_frame(ready_frame, ready(0));
    append_frame(ack, Json::to_msgpack(Json{{"op", 11}, {"d", nullptr}}));
    if (!upgrade(socket)) return;
    bool open = true;
    FrameReader reader(socket);
    const auto take = [&](WireOp op, std::span<const std::uint8_t> payload) {
        if (op == WireOp::close) {
            Bytes answer;
            append_frame(answer, payload, WireOp::close);
            socket.send(answer);
            open = false;
        }
        if (op != WireOp::binary) return;
        switch (gateway_op(payload)) {
            case 1:
                socket.send(ack);
                break;
            case 2:
                socket.send(ready_frame);
                break;
            case 10:
                show.on_presence(socket);
                break;
            default:
                break;
        }
    };
    while (open && reader.read(take)) {
    }
    show.on_end();
}

Burst::Event messages(std::uint64_t authors, std::size_t size) {
    if (authors == 0) authors = authors_of_a_bot;
    if (size == 0)
        return [authors](auto number, auto seq) { return message_create(number, seq, said(number), authors); };
    return [authors, text = std::string(size, 'x')](auto number, auto seq) {
        return message_create(number, seq, text, authors);
    };
}

std::unique_ptr<Show> show_of(const std::string& kind, int events, int second, int third) {
    const auto count = static_cast<std::uint64_t>(events);
    if (kind == "messages")
        return std::make_unique<Burst>(count,
                                       messages(static_cast<std::uint64_t>(second), static_cast<std::size_t>(third)));
    if (kind == "members") return std::make_unique<Burst>(count, member_add);
    if (kind == "channels") return std::make_unique<Burst>(count, channel_create);
    if (kind == "paced" && second > 0) return std::make_unique<Paced>(events, second);
    if (kind == "echo") return std::make_unique<Echo>(count);
    return nullptr;
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    using namespace intent::bench;
    const int events = argc > 2 ? std::atoi(argv[2]) : 0;
    const int second = argc > 3 ? std::atoi(argv[3]) : 0;
    const int third = argc > 4 ? std::atoi(argv[4]) : 0;
    const auto show = events > 0 && second >= 0 && third >= 0 ? show_of(argv[1], events, second, third) : nullptr;
    if (!show) {
        std::fprintf(stderr, "replay: messages|members|channels|echo EVENTS, or paced EVENTS RATE\n");
        return 2;
    }
    const Socket listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener.descriptor(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener.descriptor(), 16) != 0 ||
        ::getsockname(listener.descriptor(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        give_up("replay: listen");
    }
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    for (;;) {
        const Socket socket(::accept(listener.descriptor(), nullptr, nullptr));
        serve(socket, *show);
    }
}
