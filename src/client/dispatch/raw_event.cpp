#include "client/dispatch/event_table.hpp"

#include <intent/errors.hpp>
#include <intent/events.hpp>

namespace intent::inline v0 {

std::string RawEvent::json() const {
    if (payload.empty()) return "null";
    auto text = codec::msgpack_to_json(payload);
    if (!text) throw DecodeError(text.failure().text());
    return *std::move(text);
}

std::string RawEvent::canonical_json() const {
    const auto* const entry = client::find_event(name);
    return entry != nullptr && entry->canonical != nullptr ? entry->canonical(payload) : json();
}

}  // namespace intent
