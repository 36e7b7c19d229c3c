#include "session/read_ready.hpp"

#include "codec/convert.hpp"
#include "codec/reader.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace intent::session {
namespace {

void salvage_servers(codec::ByteView list, std::vector<raw::Server>& servers) {
    codec::Reader reader(list);
    std::uint32_t left = 0;
    if (!reader.list(left)) return;
    for (; left > 0; --left) {
        const auto start = reader.mark();
        if (!reader.skip()) return;
        if (auto server = codec::from_msgpack<raw::Server>(reader.since(start))) servers.push_back(std::move(*server));
    }
}

raw::Ready salvage(codec::ByteView data) {
    raw::Ready ready;
    codec::Reader reader(data);
    std::uint32_t left = 0;
    if (!reader.map(left)) return ready;
    for (; left > 0; --left) {
        std::string_view name;
        if (!reader.key(name)) return ready;
        const auto start = reader.mark();
        if (!reader.skip()) return ready;
        const codec::ByteView value = reader.since(start);
        if (name == "user") {
            if (auto user = codec::from_msgpack<raw::User>(value)) ready.user = std::move(*user);
        } else if (name == "session_id") {
            std::string_view id;
            if (codec::Reader text(value); text.text(id)) ready.session_id = id;
        } else if (name == "servers") {
            salvage_servers(value, ready.servers);
        }
    }
    return ready;
}

}  // namespace

ReadyRead read_ready(codec::ByteView data) {
    auto whole = codec::from_msgpack<raw::Ready>(data);
    if (whole) return {std::move(*whole), {}};
    return {salvage(data), whole.failure().text()};
}

}  // namespace intent::session
