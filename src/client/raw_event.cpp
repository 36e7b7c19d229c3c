#include "codec/convert.hpp"

#include <intent/errors.hpp>
#include <intent/events.hpp>
#include <intent/raw/gateway.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace intent {

namespace {

template <class T>
T value_of(codec::Result<T> result) {
    if (!result) throw DecodeError(result.failure().text());
    return *std::move(result);
}

template <class Raw>
std::string wrapped(codec::ByteView payload, std::string_view key) {
    return "{\"" + std::string(key) + "\":" + codec::to_json(value_of(codec::from_msgpack_wrapped<Raw>(payload, key))) +
           "}";
}

template <class Raw>
std::string flat(codec::ByteView payload, std::string_view) {
    return codec::to_json(value_of(codec::from_msgpack<Raw>(payload)));
}

struct Shape {
    std::string_view name;
    std::string_view key;
    std::string (*render)(codec::ByteView payload, std::string_view key);
};

/// The events that have a type of their own, as in dispatch.cpp.
constexpr std::array shapes{
    Shape{"MESSAGE_CREATE", "message", wrapped<raw::Message>},
    Shape{"MESSAGE_UPDATE", "message", wrapped<raw::Message>},
    Shape{"MESSAGE_DELETE", "", flat<raw::MessageDelete>},
    Shape{"SERVER_CREATE", "server", wrapped<raw::Server>},
    Shape{"SERVER_UPDATE", "server", wrapped<raw::Server>},
    Shape{"SERVER_DELETE", "", flat<raw::ServerDelete>},
    Shape{"CHANNEL_CREATE", "channel", wrapped<raw::Channel>},
    Shape{"CHANNEL_UPDATE", "channel", wrapped<raw::Channel>},
    Shape{"CHANNEL_DELETE", "", flat<raw::ChannelDelete>},
};

}  // namespace

std::string RawEvent::json() const {
    if (payload.empty()) return "null";
    return value_of(codec::msgpack_to_json(payload));
}

std::string RawEvent::canonical_json() const {
    const auto* const shape = std::ranges::find(shapes, std::string_view(name), &Shape::name);
    return shape == shapes.end() ? json() : shape->render(payload, shape->key);
}

}  // namespace intent
