#include "codec/convert.hpp"

#include <intent/errors.hpp>
#include <intent/events.hpp>

namespace intent {

std::string RawEvent::json() const {
    if (payload.empty()) return "null";
    auto text = codec::msgpack_to_json(payload);
    if (!text) throw DecodeError(name + ": " + text.failure().text());
    return *std::move(text);
}

}  // namespace intent
