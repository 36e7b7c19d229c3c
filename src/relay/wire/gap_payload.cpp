#include "relay/wire/gap_payload.hpp"

#include "relay/wire/versioned.hpp"

namespace intent::codec {

template <>
struct Fields<relay::GapPayload> {
    static constexpr std::tuple table{
        required("v", &relay::GapPayload::version),
        required("from", &relay::GapPayload::from),
        required("to", &relay::GapPayload::to),
        optional("reason", &relay::GapPayload::reason),
    };
};

}  // namespace intent::codec

namespace intent::relay {

codec::Bytes write_gap(const GapPayload& gap) { return codec::to_msgpack(gap); }

codec::Result<GapPayload> read_gap(codec::ByteView bytes) {
    return read_versioned<GapPayload>(bytes, "a gap", {"this worker", "the relay"});
}

}  // namespace intent::relay
