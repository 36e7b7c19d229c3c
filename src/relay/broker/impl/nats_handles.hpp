// Owners of the library's objects. Only sources of this folder include this.
#pragma once

#include <nats/nats.h>

#include <memory>

namespace intent::relay::broker {

template <auto destroy>
struct Destroy {
    template <class T>
    void operator()(T* object) const noexcept {
        destroy(object);
    }
};

using OptionsHandle = std::unique_ptr<natsOptions, Destroy<natsOptions_Destroy>>;
using StatisticsHandle = std::unique_ptr<natsStatistics, Destroy<natsStatistics_Destroy>>;
using ConnectionHandle = std::unique_ptr<natsConnection, Destroy<natsConnection_Destroy>>;
using SubscriptionHandle = std::unique_ptr<natsSubscription, Destroy<natsSubscription_Destroy>>;
using MessageHandle = std::unique_ptr<natsMsg, Destroy<natsMsg_Destroy>>;
using JetStreamHandle = std::unique_ptr<jsCtx, Destroy<jsCtx_Destroy>>;
using StreamInfoHandle = std::unique_ptr<jsStreamInfo, Destroy<jsStreamInfo_Destroy>>;
using ConsumerInfoHandle = std::unique_ptr<jsConsumerInfo, Destroy<jsConsumerInfo_Destroy>>;
using ConsumerListHandle = std::unique_ptr<jsConsumerInfoList, Destroy<jsConsumerInfoList_Destroy>>;

}  // namespace intent::relay::broker
