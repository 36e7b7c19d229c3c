// End-to-end encryption: groups and devices (protocol §16).
#include "client/incoming.hpp"

#include <intent/raw/mls.hpp>

namespace intent::client {

namespace {

/// Hands the event on in the order of what `key` names; nothing of it is cached.
template <class Event, class Raw, class Tag>
void pass_on(const Incoming& in, Snowflake<Tag> Raw::*key) {
    if (!in.wanted<Event>()) return;
    auto raw = in.decode<Raw>();
    if (!raw) return;
    const std::uint64_t lane = ((*raw).*key).value;
    in.emit(Event{*std::move(raw)}, lane);
}

}  // namespace

void on_mls_welcome(const Incoming& in) { pass_on<MlsWelcome>(in, &raw::MlsWelcome::channel_id); }
void on_mls_commit(const Incoming& in) { pass_on<MlsCommit>(in, &raw::MlsCommit::channel_id); }
void on_mls_proposal(const Incoming& in) { pass_on<MlsProposal>(in, &raw::MlsProposal::channel_id); }
void on_device_added(const Incoming& in) { pass_on<DeviceAdded>(in, &raw::DeviceAdded::user_id); }
void on_device_removed(const Incoming& in) { pass_on<DeviceRemoved>(in, &raw::DeviceRemoved::user_id); }

void on_mls_key_packages_low(const Incoming& in) {
    if (!in.wanted<MlsKeyPackagesLow>()) return;
    if (auto raw = in.decode<raw::MlsKeyPackagesLow>()) in.emit(MlsKeyPackagesLow{*std::move(raw)}, 0);
}

}  // namespace intent::client
