#include "client/metrics/handler_metrics.hpp"

#include "net/clock.hpp"

#include <algorithm>
#include <new>

namespace intent::client {

namespace {

using detail::AllEvents;

/// The names of the C++ types, as a bot's author writes them.
constexpr auto type_names = [] {
    std::array<std::string_view, AllEvents::size> names{};
    names[AllEvents::index_of<Ready>()] = "Ready";
    names[AllEvents::index_of<Resumed>()] = "Resumed";
    names[AllEvents::index_of<Disconnect>()] = "Disconnect";
    names[AllEvents::index_of<Reconnecting>()] = "Reconnecting";
    names[AllEvents::index_of<Gap>()] = "Gap";
    names[AllEvents::index_of<SequenceGap>()] = "SequenceGap";
    names[AllEvents::index_of<ChannelsReady>()] = "ChannelsReady";
    names[AllEvents::index_of<Reload>()] = "Reload";
    names[AllEvents::index_of<ErrorEvent>()] = "ErrorEvent";
    names[AllEvents::index_of<RawEvent>()] = "RawEvent";
    names[AllEvents::index_of<MessageCreate>()] = "MessageCreate";
    names[AllEvents::index_of<MessageUpdate>()] = "MessageUpdate";
    names[AllEvents::index_of<MessageDelete>()] = "MessageDelete";
    names[AllEvents::index_of<ServerCreate>()] = "ServerCreate";
    names[AllEvents::index_of<ServerUpdate>()] = "ServerUpdate";
    names[AllEvents::index_of<ServerDelete>()] = "ServerDelete";
    names[AllEvents::index_of<ChannelCreate>()] = "ChannelCreate";
    names[AllEvents::index_of<ChannelUpdate>()] = "ChannelUpdate";
    names[AllEvents::index_of<ChannelDelete>()] = "ChannelDelete";
    names[AllEvents::index_of<MemberAdd>()] = "MemberAdd";
    names[AllEvents::index_of<MemberRemove>()] = "MemberRemove";
    names[AllEvents::index_of<TypingStart>()] = "TypingStart";
    names[AllEvents::index_of<PresenceUpdate>()] = "PresenceUpdate";
    names[AllEvents::index_of<VoiceStateUpdate>()] = "VoiceStateUpdate";
    names[AllEvents::index_of<VoiceServerUpdate>()] = "VoiceServerUpdate";
    names[AllEvents::index_of<MembersChunk>()] = "MembersChunk";
    names[AllEvents::index_of<VoiceSignal>()] = "VoiceSignal";
    names[AllEvents::index_of<MlsWelcome>()] = "MlsWelcome";
    names[AllEvents::index_of<MlsCommit>()] = "MlsCommit";
    names[AllEvents::index_of<MlsProposal>()] = "MlsProposal";
    names[AllEvents::index_of<MlsKeyPackagesLow>()] = "MlsKeyPackagesLow";
    names[AllEvents::index_of<DeviceAdded>()] = "DeviceAdded";
    names[AllEvents::index_of<DeviceRemoved>()] = "DeviceRemoved";
    return names;
}();
static_assert(std::ranges::none_of(type_names, [](std::string_view name) { return name.empty(); }),
              "a new event needs its name here");

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether `name`, without its separators, is that of the type: "MESSAGE_CREATE", "sequence gap".
bool names_type(std::string_view name, std::string_view type) noexcept {
    std::size_t matched = 0;
    for (const char c : name) {
        if (c == '_' || c == ' ') continue;
        if (matched == type.size() || lower(c) != lower(type[matched])) return false;
        ++matched;
    }
    return matched == type.size();
}

}  // namespace

HandlerMetrics::~HandlerMetrics() {
    for (const auto& durations : durations_)
        delete durations.load(std::memory_order_relaxed);
}

std::size_t HandlerMetrics::event_named(std::string_view name) noexcept {
    constexpr std::string_view older = "GUILD_";  // GUILD_MEMBERS_CHUNK is MEMBERS_CHUNK
    if (name.starts_with(older)) name.remove_prefix(older.size());
    const auto found = std::ranges::find_if(type_names, [&](std::string_view type) { return names_type(name, type); });
    return static_cast<std::size_t>(found - type_names.begin());
}

void HandlerMetrics::observe(std::size_t event, DurationHistogram::Duration duration) noexcept {
    auto& place = durations_[event];
    DurationHistogram* histogram = place.load(std::memory_order_acquire);
    if (histogram == nullptr) {
        auto* const made = new (std::nothrow) DurationHistogram;
        if (made == nullptr) return;
        if (place.compare_exchange_strong(histogram, made, std::memory_order_acq_rel))
            histogram = made;
        else
            delete made;
    }
    histogram->observe(duration);
}

void HandlerMetrics::Timer::start(HandlerMetrics& metrics) noexcept {
    timed_ = &metrics;
    begun_ = net::now();
}

void HandlerMetrics::Timer::end() noexcept { timed_->observe(event_, net::now() - begun_); }

void HandlerMetrics::write(text::Exposition& out) const {
    using Type = text::Exposition::Type;
    out.family("intent_handler_events_total", Type::counter, "Events passed to handlers and waiters.");
    for (std::size_t event = 0; event < events; ++event) {
        std::uint64_t count = 0;
        for (const auto& lane : lanes_)
            count += lane.counts[event].read();
        if (count != 0) out.sample({{"event", type_names[event]}}, count);
    }
    out.family("intent_handler_duration_seconds", Type::histogram,
               "Time that a sample of the events occupied their thread, until handlers had returned or first waited.");
    for (std::size_t event = 0; event < events; ++event) {
        const auto* const histogram = durations_[event].load(std::memory_order_acquire);
        if (histogram == nullptr) continue;
        out.histogram({{"event", type_names[event]}}, DurationHistogram::bounds, histogram->counts(),
                      histogram->sum_in_seconds());
    }
    out.family("intent_handler_errors_total", Type::counter,
               "Exceptions that left a handler, its coroutine, a task or a job.");
    for (std::size_t event = 0; event <= events; ++event) {
        const auto count = errors_[event].read();
        if (count != 0) out.sample({{"event", event == no_event ? "other" : type_names[event]}}, count);
    }
}

}  // namespace intent::client
