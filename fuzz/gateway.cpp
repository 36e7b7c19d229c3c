// Feeds a server's bytes, frame by frame, through the envelope into a live session, and decodes each delivered
// dispatch as every type that an event may contain. 0xc1 0xc1 separates the frames of the input.
#include "fuzz/invariants.hpp"
#include "fuzz/support.hpp"

#include <algorithm>
#include <array>

namespace intent::fuzz {
namespace {

constexpr std::array<std::uint8_t, 2> separator{0xc1, 0xc1};  // no value begins with these

void decode(const codec::Frame& frame) {
    require(static_cast<bool>(codec::msgpack_to_json(
                frame.data.empty() ? codec::Bytes{0xc0} : codec::Bytes(frame.data.begin(), frame.data.end()))),
            "a delivered event is malformed");
    for_each_raw_type([&]<class T>(Type<T>) { codec::from_msgpack_wrapped<T>(frame.data, "message"); });
}

/// A message that is decoded before the session accepts it (SessionRunner::receive) must be what the usual way finds.
void check_decoding_ahead(codec::ByteView bytes) {
    codec::Frame ahead;
    if (!codec::expect_message(bytes, ahead)) return;
    raw::Message message;
    codec::Failure failure;
    if (!codec::decode_wrapped(ahead.data, "message", message, failure, 1)) return;
    const auto frame = codec::peek_frame(bytes);
    require(frame && frame->op == ahead.op && frame->type == ahead.type && frame->seq == ahead.seq &&
                std::ranges::equal(frame->data, ahead.data),
            "a frame that was decoded ahead is another one to the session");
    const auto usual = codec::from_msgpack_wrapped<raw::Message>(frame->data, "message");
    require(usual && codec::to_json(*usual) == codec::to_json(message), "a message that was decoded ahead differs");
}

/// Feeds one frame and checks the result.
void feed(test::Driver& driver, codec::ByteView bytes) {
    check_decoding_ahead(bytes);
    driver.bytes(codec::Bytes(bytes.begin(), bytes.end()));
    for (const auto& action : driver.actions) {
        if (const auto* deliver = std::get_if<session::Deliver>(&action)) decode(deliver->frame);
        if (const auto* ready = std::get_if<session::SessionReady>(&action)) codec::to_json(*ready->ready);
    }
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent;
    using namespace std::chrono_literals;
    test::Driver driver;
    driver.start();
    driver.open();
    for (const std::uint8_t* at = data; at != data + size;) {
        const auto* end = std::search(at, data + size, fuzz::separator.begin(), fuzz::separator.end());
        if (driver.state() == session::State::stopped) break;
        if (!driver.socket_open()) driver.reopen();
        fuzz::feed(driver, {at, end});
        at = end == data + size ? end : end + fuzz::separator.size();
    }
    driver.stop();
    fuzz::require(driver.state() == session::State::stopped, "on_stop did not stop the session");
    return 0;
}
