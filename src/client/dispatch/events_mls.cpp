// End-to-end encryption: groups and devices (protocol §16).
#include "client/dispatch/event_table.hpp"

#include <intent/raw/mls.hpp>

namespace intent::client {

namespace {

/// Queues the event in the order of `key`; nothing is cached.
template <class Event, class Raw, class Tag>
void pass_on(Dispatcher& dispatcher, const Payload& payload, Snowflake<Tag> Raw::*key) {
    if (!dispatcher.wanted<Event>()) return;
    auto raw = dispatcher.decode<Raw>(payload);
    if (!raw) return;
    const std::uint64_t lane = ((*raw).*key).value;
    dispatcher.emit(Event{*std::move(raw)}, payload, lane);
}

}  // namespace

void on_mls_welcome(Dispatcher& dispatcher, const Payload& payload) {
    pass_on<MlsWelcome>(dispatcher, payload, &raw::MlsWelcome::channel_id);
}
void on_mls_commit(Dispatcher& dispatcher, const Payload& payload) {
    pass_on<MlsCommit>(dispatcher, payload, &raw::MlsCommit::channel_id);
}
void on_mls_proposal(Dispatcher& dispatcher, const Payload& payload) {
    pass_on<MlsProposal>(dispatcher, payload, &raw::MlsProposal::channel_id);
}
void on_device_added(Dispatcher& dispatcher, const Payload& payload) {
    pass_on<DeviceAdded>(dispatcher, payload, &raw::DeviceAdded::user_id);
}
void on_device_removed(Dispatcher& dispatcher, const Payload& payload) {
    pass_on<DeviceRemoved>(dispatcher, payload, &raw::DeviceRemoved::user_id);
}

void on_mls_key_packages_low(Dispatcher& dispatcher, const Payload& payload) {
    if (!dispatcher.wanted<MlsKeyPackagesLow>()) return;
    if (auto raw = dispatcher.decode<raw::MlsKeyPackagesLow>(payload))
        dispatcher.emit(MlsKeyPackagesLow{*std::move(raw)}, payload, 0);
}

}  // namespace intent::client
