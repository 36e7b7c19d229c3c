#include "relay/broker/lease.hpp"

#include "net/clock.hpp"
#include "relay/broker/errors.hpp"
#include "relay/broker/impl/alarm.hpp"
#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/status.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace intent::relay::broker {
namespace {

using std::chrono::milliseconds;

void check(const LeaseOptions& options) {
    const auto fail = [](std::string_view text) { throw ConfigError("lease: " + std::string(text)); };
    constexpr std::size_t longest = 128;
    if (options.holder.empty() || options.holder.size() > longest ||
        std::ranges::any_of(options.holder, [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
        fail("holder: 1 to 128 printable ASCII characters without spaces are allowed");
    if (options.ttl < std::chrono::seconds(1) || options.ttl > std::chrono::minutes(10))
        fail("ttl: 1 s to 10 min are allowed");
}

LeaseState::Options state_options(const LeaseOptions& options) {
    return {.holder = options.holder,
            .ttl = options.ttl,
            .renew = options.ttl / 4,
            .look = options.ttl / 10,
            .margin = options.ttl / 10,
            .retry = options.ttl / 40};
}

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;  // clang 14 does not deduce it

}  // namespace

struct Lease::Impl : std::enable_shared_from_this<Impl> {
    Impl(const std::shared_ptr<Connection>& used, const KeyValue& chosen_bucket, const LeaseOptions& chosen,
         LeaseEvents chosen_events)
        : connection(used->impl().shared_from_this()),
          bucket(chosen_bucket),
          options(chosen),
          events(std::move(chosen_events)),
          state(state_options(chosen)) {}

    void open(const std::string& subject) {
        const auto weak = weak_from_this();
        alarm.emplace(connection->loop, [weak] {
            if (const auto self = weak.lock())
                self->feed([](auto& machine, auto now, auto& actions) { machine.on_time(now, actions); });
        });
        const auto hint = [weak] {
            if (const auto self = weak.lock())
                self->feed([](auto& machine, auto now, auto& actions) { machine.on_hint(now, actions); });
        };
        listener = registration(connection->listen([hint, weak](ConnectionChange change) {
            if (change == ConnectionChange::connected) hint();
            const auto self = weak.lock();
            if (!self || change != ConnectionChange::closed) return;
            self->feed([](auto& machine, auto now, auto& actions) {
                machine.release(now, actions, "the connection to the broker was closed");
            });
        }));
        hints = connection->subscribe(
            subject, {}, [hint](const Message&) { hint(); }, 1'000);
        feed([](auto& machine, auto now, auto& actions) { machine.start(now, actions); });
    }

    /// Feeds the machine, on any thread; its actions are executed in order on the timers' thread.
    template <class Input>
    void feed(Input input) {
        LeaseState::Actions actions;
        const std::lock_guard lock(mutex);
        if (closed) return;
        input(state, net::now(), actions);
        if (const auto wake = state.next_wake(); wake != LeaseState::Time::max()) alarm->set(wake);
        if (actions.empty()) return;
        for (const auto& action : actions)
            if (std::holds_alternative<LeaseState::Lead>(action)) term = state.term();
        connection->loop.post([weak = weak_from_this(), actions = std::move(actions)] {
            for (const auto& action : actions)
                if (const auto self = weak.lock()) self->execute(action);
        });
    }

    void execute(const LeaseState::Action& action);
    void read();
    void write(const LeaseState::Write& action);
    void on_read(const Read& result);
    void on_written(const Written& result);

    /// Requests end long before the lease does.
    milliseconds timeout() const { return options.ttl / 4; }

    const std::shared_ptr<Connection::Impl> connection;
    std::optional<KeyValue> bucket;
    const LeaseOptions options;
    const LeaseEvents events;

    Gate gate;
    mutable std::mutex mutex;
    std::condition_variable changed;
    LeaseState state;
    std::uint64_t term = 0;
    bool closed = false;
    bool released = false;

    std::optional<Alarm> alarm;
    Registration listener;
    std::unique_ptr<Subscription> hints;
};

void Lease::Impl::execute(const LeaseState::Action& action) {
    std::visit(Overloaded{
                   [&](const LeaseState::Read&) { read(); },
                   [&](const LeaseState::Write& write_action) { write(write_action); },
                   [&](const LeaseState::Lead& lead) {
                       gate.enter([&] {
                           if (events.acquired) events.acquired(lead.term);
                       });
                   },
                   [&](const LeaseState::Follow& follow) {
                       gate.enter([&] {
                           if (events.lost) events.lost(follow.reason);
                       });
                   },
                   [&](const LeaseState::Released&) {
                       const std::lock_guard lock(mutex);
                       released = true;
                       changed.notify_all();
                   },
               },
               action);
}

void Lease::Impl::read() {
    const auto used = [&] {
        const std::lock_guard lock(mutex);
        return bucket;
    }();
    if (!used) return;
    try {
        used->get(options.key, timeout(), [weak = weak_from_this()](const Read& result) {
            if (const auto self = weak.lock()) self->on_read(result);
        });
    } catch (const Error&) {
        feed([](auto& machine, auto now, auto& actions) { machine.on_failed(now, actions); });
    }
}

void Lease::Impl::write(const LeaseState::Write& action) {
    const auto used = [&] {
        const std::lock_guard lock(mutex);
        return bucket;
    }();
    if (!used) return;
    try {
        used->update(options.key, format_lease(action.record), action.revision, timeout(),
                     [weak = weak_from_this()](const Written& result) {
                         if (const auto self = weak.lock()) self->on_written(result);
                     });
    } catch (const Error&) {
        feed([](auto& machine, auto now, auto& actions) { machine.on_failed(now, actions); });
    }
}

void Lease::Impl::on_read(const Read& result) {
    feed([&](auto& machine, auto now, auto& actions) {
        if (result.error) return machine.on_failed(now, actions);
        std::optional<LeaseRecord> record;
        if (result.entry && !result.entry->deleted) record = parse_lease(result.entry->value);
        machine.on_read(std::move(record), result.entry ? result.entry->revision : 0, now, actions);
    });
}

void Lease::Impl::on_written(const Written& result) {
    feed([&](auto& machine, auto now, auto& actions) {
        if (result.error) return machine.on_failed(now, actions);
        if (result.conflict) return machine.on_conflict(now, actions);
        machine.on_written(result.revision, now, actions);
    });
}

Lease::Lease(std::shared_ptr<Connection> connection, const KeyValue& bucket, const LeaseOptions& options,
             LeaseEvents events) {
    check(options);
    check_subject(options.key, false, "lease: key");
    impl_ = std::make_shared<Impl>(connection, bucket, options, std::move(events));
    impl_->open("$KV." + bucket.bucket() + "." + options.key);
}

Lease::~Lease() {
    impl_->gate.close();
    impl_->listener.reset();
    impl_->hints.reset();
    LeaseState::Actions actions;
    // Leaves the machine here, because the last share of the connection must not end on a thread of the library.
    std::optional<KeyValue> bucket;
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->state.release(net::now(), actions);
        impl_->closed = true;
        bucket.swap(impl_->bucket);
    }
    for (const auto& action : actions) {
        const auto* write = std::get_if<LeaseState::Write>(&action);
        if (write == nullptr) continue;
        try {
            bucket->update(impl_->options.key, format_lease(write->record), write->revision, impl_->timeout(),
                           [](const Written&) {});
        } catch (const Error&) {
            // The connection is closed: the lease expires.
        }
    }
}

bool Lease::leads() const noexcept {
    const std::lock_guard lock(impl_->mutex);
    return impl_->state.leads(net::now());
}

std::uint64_t Lease::term() const noexcept {
    const std::lock_guard lock(impl_->mutex);
    return impl_->term;
}

std::string Lease::holder() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->state.seen_holder();
}

bool Lease::release(milliseconds timeout) {
    impl_->feed([](auto& machine, auto now, auto& actions) { machine.release(now, actions); });
    std::unique_lock lock(impl_->mutex);
    return impl_->changed.wait_for(lock, timeout, [&] { return impl_->released; });
}

}  // namespace intent::relay::broker
