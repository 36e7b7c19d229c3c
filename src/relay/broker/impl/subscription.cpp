#include "relay/broker/impl/subscription.hpp"

#include "relay/broker/impl/status.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace intent::relay::broker {

Message to_message(natsMsg* message) {
    Message result;
    result.subject = natsMsg_GetSubject(message);
    if (const char* reply = natsMsg_GetReply(message); reply != nullptr) result.reply = reply;
    const int length = natsMsg_GetDataLength(message);
    if (length > 0) result.data.assign(natsMsg_GetData(message), static_cast<std::size_t>(length));
    const char** keys = nullptr;
    int key_count = 0;
    if (natsMsgHeader_Keys(message, &keys, &key_count) != NATS_OK) return result;
    for (int i = 0; i < key_count; ++i) {
        const char** values = nullptr;
        int value_count = 0;
        if (natsMsgHeader_Values(message, keys[i], &values, &value_count) != NATS_OK) continue;
        for (int j = 0; j < value_count; ++j)
            result.headers.add(keys[i], values[j]);
        std::free(values);  // NOLINT(cppcoreguidelines-no-malloc,bugprone-multi-level-implicit-pointer-conversion)
    }
    std::free(keys);  // NOLINT(cppcoreguidelines-no-malloc,bugprone-multi-level-implicit-pointer-conversion)
    return result;
}

Subscription::Subscription(natsConnection* connection, const std::string& subject, const std::string& queue_group,
                           Received received, Failed failed, std::size_t max_waiting, const text::Redactor& secrets)
    : state_(std::make_shared<State>()) {
    state_->received = std::move(received);
    state_->failed = std::move(failed);
    const auto on_message = [](natsConnection*, natsSubscription*, natsMsg* raw, void* closure) {
        const MessageHandle message(raw);
        const auto& state = *static_cast<std::shared_ptr<State>*>(closure);
        state->gate.enter([&] {
            try {
                state->received(to_message(message.get()));
            } catch (const std::exception& error) {
                state->failed(error);
            }
        });
    };
    // The library's thread for this subscription owns a share of the state, up to its last call.
    auto share = std::make_unique<std::shared_ptr<State>>(state_);
    natsSubscription* created = nullptr;
    natsStatus status = queue_group.empty()
                            ? natsConnection_Subscribe(&created, connection, subject.c_str(), on_message, share.get())
                            : natsConnection_QueueSubscribe(&created, connection, subject.c_str(), queue_group.c_str(),
                                                            on_message, share.get());
    if (status != NATS_OK) throw_error(status, "subscribe to " + subject, secrets);
    handle_.reset(created);
    constexpr std::size_t most = 1u << 30;
    const int limit = max_waiting == 0 ? -1 : static_cast<int>(std::min(max_waiting, most));
    natsSubscription_SetPendingLimits(created, limit, -1);
    const auto on_complete = [](void* closure) { delete static_cast<std::shared_ptr<State>*>(closure); };
    status = natsSubscription_SetOnCompleteCB(created, on_complete, share.get());
    // If it has ended already, its thread may still use the share, which is then never freed.
    static_cast<void>(share.release());
    if (status != NATS_OK) throw_error(status, "subscribe to " + subject, secrets);
}

void Subscription::drain() noexcept { natsSubscription_Drain(handle_.get()); }

Subscription::~Subscription() { state_->gate.close(); }

}  // namespace intent::relay::broker
