// A dispatch on its way to its handlers.
#pragma once

#include "client/client_core.hpp"
#include "client/emit.hpp"
#include "codec/convert.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace intent::client {

/// What the functions of the event table get: the client, and one payload.
struct Incoming {
    detail::ClientCore& core;
    detail::Origin origin;
    codec::ByteView data;

    template <class Event>
    bool wanted() const {
        return core.registry().wanted<Event>();
    }

    template <class Raw>
    Cache<Raw>& cache() const {
        return core.cache_of<Raw>();
    }

    /// Decodes `d`, wrapped under `key` or flat; a failure is reported.
    template <class Raw>
    std::optional<Raw> decode(std::string_view key) const {
        return checked(codec::from_msgpack_wrapped<Raw>(data, key));
    }
    template <class Raw>
    std::optional<Raw> decode() const {
        return checked(codec::from_msgpack<Raw>(data));
    }

    /// The same into a fresh value; false if it has failed.
    template <class Raw>
    bool decode_into(Raw& out, std::string_view key) const {
        codec::Failure failure;
        if (codec::decode_wrapped(data, key, out, failure)) return true;
        core.broken(failure, origin);
        return false;
    }

    template <class Event>
    void emit(Event&& event, std::uint64_t key) const {
        core.emit(std::move(event), origin, data.size(), key, true);
    }

    /// The structure of a raw value, if there is one.
    template <class Structure, class Raw>
    std::optional<Structure> structure_of(std::optional<Raw> raw) const {
        if (!raw) return std::nullopt;
        return Structure(*std::move(raw), core.ref());
    }

private:
    template <class Raw>
    std::optional<Raw> checked(codec::Result<Raw> result) const {
        if (result) return *std::move(result);
        core.broken(result.failure(), origin);
        return std::nullopt;
    }
};

// events_messages.cpp
void on_message_create(const Incoming& in);
void on_message_update(const Incoming& in);
void on_message_delete(const Incoming& in);

// events_servers.cpp
void on_server_create(const Incoming& in);
void on_server_update(const Incoming& in);
void on_server_delete(const Incoming& in);
void on_channel_create(const Incoming& in);
void on_channel_update(const Incoming& in);
void on_channel_delete(const Incoming& in);

/// Forgets all that belongs to a server, but for the server itself.
void forget_parts_of(detail::ClientCore& core, ServerId server);

// events_members.cpp
void on_member_add(const Incoming& in);
void on_member_remove(const Incoming& in);
void on_members_chunk(const Incoming& in);
void on_typing_start(const Incoming& in);
void on_presence_update(const Incoming& in);

// events_voice.cpp
void on_voice_state_update(const Incoming& in);
void on_voice_server_update(const Incoming& in);

// events_mls.cpp
void on_mls_welcome(const Incoming& in);
void on_mls_commit(const Incoming& in);
void on_mls_proposal(const Incoming& in);
void on_mls_key_packages_low(const Incoming& in);
void on_device_added(const Incoming& in);
void on_device_removed(const Incoming& in);

}  // namespace intent::client
