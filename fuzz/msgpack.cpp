// Arbitrary bytes as MessagePack: all ways to walk them agree on whether they are well-formed, decoded values survive
// a round trip, and peeking at the envelope agrees with decoding it.
#include "codec/describe.hpp"
#include "codec/frame.hpp"
#include "codec/reader.hpp"
#include "fuzz/support.hpp"

namespace intent::fuzz {

struct Envelope {
    std::optional<std::uint64_t> op;
    std::optional<std::string> type;
    std::optional<std::uint64_t> seq;
    codec::Any data;
};

}  // namespace intent::fuzz

namespace intent::codec {

template <>
struct Fields<fuzz::Envelope> {
    static constexpr std::tuple table{
        optional("op", &fuzz::Envelope::op),
        optional("t", &fuzz::Envelope::type),
        optional("s", &fuzz::Envelope::seq),
        optional("d", &fuzz::Envelope::data),
    };
};

}  // namespace intent::codec

namespace intent::fuzz {
namespace {

void check_walks(codec::ByteView bytes) {
    codec::Reader reader(bytes);
    const bool well_formed = reader.skip() && reader.finish();
    const std::size_t usual = codec::Reader::usual_size(bytes);
    require(usual == 0 || usual != bytes.size() || well_formed, "a malformed value seems to be a usual one");
    const auto json = codec::msgpack_to_json(bytes);
    require(well_formed == static_cast<bool>(json), "skip and msgpack_to_json disagree:", json.failure().text());
    require(well_formed || !json.failure().reason.empty(), "a failure without a reason");
    if (!json) return;
    const auto back = codec::json_to_msgpack(*json);
    if (!back) {
        // An extension is written as an object, which may exceed the depth limit.
        require(json->find("\"ext\"") != std::string::npos, "our own JSON is refused:", *json);
        return;
    }
    const auto again = codec::msgpack_to_json(*back);
    require(again && *again == *json, "JSON changes in a round trip through MessagePack:", *json);
}

void check_envelope(codec::ByteView bytes) {
    const auto frame = codec::peek_frame(bytes);
    const auto whole = codec::from_msgpack<Envelope>(bytes);
    if (!frame) return;
    require(static_cast<bool>(whole), "a frame can be peeked at but not decoded:", whole.failure().text());
    require(frame->op == whole->op, "op");
    require(frame->type == whole->type, "t");
    require(frame->seq == whole->seq, "s");
    const codec::Bytes data(frame->data.begin(), frame->data.end());
    const bool is_nil = data.empty() || data == codec::Bytes{0xc0};
    require(is_nil ? whole->data.bytes.empty() : whole->data.bytes == data, "d");
    codec::peek_heartbeat_interval(frame->data);
    codec::peek_bool(frame->data);
}

template <class T>
void check_type(codec::ByteView bytes, Type<T>) {
    codec::Notes notes;
    const auto value = codec::from_msgpack<T>(bytes, &notes);
    const auto wrapped = codec::from_msgpack_wrapped<T>(bytes, "message");
    require(wrapped || !wrapped.failure().reason.empty(), "a failure without a reason");
    if (!value) return;
    const auto written = codec::to_msgpack(*value);
    const auto back = codec::from_msgpack<T>(written);
    require(back && *back == *value, "a decoded value does not survive a round trip:", back.failure().text());
    const auto json = codec::from_json<T>(codec::to_json(*value));
    require(static_cast<bool>(json), "a decoded value cannot be written as JSON:", json.failure().text());
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent::fuzz;
    // A separate copy, so that the sanitizer detects a read beyond it.
    const intent::codec::Bytes bytes(data, data + size);
    check_walks(bytes);
    check_envelope(bytes);
    for_each_raw_type([&](auto type) { check_type(bytes, type); });
    return 0;
}
