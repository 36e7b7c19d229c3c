#include "relay/worker/partitions.hpp"

#include "relay/broker/error_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace intent::relay {

namespace {

constexpr std::chrono::milliseconds request_time{2'000};
/// Shorter than the lease: requests of an owner that was cut off should have ended when the next one begins.
constexpr std::chrono::milliseconds pull_time{5'000};

}  // namespace

Partitions::Partitions(net::Loop& control, net::Loop& calls, std::shared_ptr<broker::Connection> connection,
                       const Names& names, std::string bucket, Settings settings, Deliveries& deliveries, Port port)
    : control_(control),
      calls_(calls),
      connection_(std::move(connection)),
      streams_(std::make_shared<broker::JetStream>(connection_)),
      names_(names),
      bucket_(connection_, std::move(bucket)),
      settings_(std::move(settings)),
      deliveries_(deliveries),
      port_(std::move(port)),
      membership_(settings_.worker),
      meet_timer_(control, net::Timer::Kind::real),
      work_timer_(control, net::Timer::Kind::real) {}

void Partitions::start() {
    meet();
    gather();
}

// ---- the workers of the application ----

void Partitions::meet() {
    if (stopped_) return;
    bucket_.get(key("members"), request_time, [this](broker::Read read) {
        auto shared = std::make_shared<broker::Read>(std::move(read));
        control_.post([this, shared] { on_members(std::move(*shared)); });
    });
}

void Partitions::meet_again(std::chrono::milliseconds delay) {
    meet_timer_.arm(control_.time_in(delay), [this] { meet(); });
}

void Partitions::on_members(broker::Read read) {
    if (stopped_) return;
    if (read.error) {
        if (connection_->connected() && !std::exchange(problem_reported_, true))
            port_.log(LogLevel::warn, "cannot read the workers of the application: " + error_text(read.error));
        return meet_again(Membership::period);
    }
    const auto text = membership_.on_read(control_.now(), read.entry && !read.entry->deleted ? read.entry->value : "");
    const auto revision = read.entry ? read.entry->revision : 0;
    bucket_.update(key("members"), text, revision, request_time, [this](const broker::Written& written) {
        control_.post([this, conflict = written.conflict, stored = !written.conflict && !written.error] {
            if (stopped_) return;
            // Others write at the same time: not again at the same time as they.
            if (conflict) return meet_again(std::chrono::milliseconds(20 + control_.random_seed() % 200));
            if (stored) membership_.on_written();
            reassign();
            meet_again(Membership::period);
        });
    });
}

void Partitions::reassign() {
    const auto members = membership_.members();
    if (members.empty()) return;
    const auto owners = assign(members, partitions);
    for (unsigned i = 0; i < partitions; ++i) {
        auto& partition = partitions_[i];
        const bool mine = owners[i] == settings_.worker;
        if (mine && partition.state == State::idle)
            join(i);
        else if (!mine && partition.state == State::waiting)
            drop(i);
        else if (!mine && partition.state == State::owned && control_.now() >= partition.not_before)
            release(i);
    }
}

// ---- one partition ----

void Partitions::join(unsigned index) {
    auto& partition = partitions_[index];
    partition.state = State::waiting;
    const auto generation = ++partition.generation;
    broker::LeaseEvents events;
    events.acquired = [this, index, generation](std::uint64_t) {
        control_.post([this, index, generation] { on_acquired(index, generation); });
    };
    events.lost = [this, index, generation](const std::string& reason) {
        control_.post([this, index, generation, reason] { on_lost(index, generation, reason); });
    };
    partition.lease = std::make_shared<broker::Lease>(
        connection_, bucket_,
        broker::LeaseOptions{.key = key("lease." + std::to_string(index)), .holder = settings_.worker},
        std::move(events));
}

/// Leaves the election. Releasing blocks, so another thread does it.
void Partitions::drop(unsigned index) {
    auto& partition = partitions_[index];
    ++partition.generation;
    partition.state = State::idle;
    partition.puller.reset();
    calls_.post([lease = std::exchange(partition.lease, nullptr)]() mutable {
        lease->release(request_time);
        lease.reset();
    });
}

void Partitions::on_acquired(unsigned index, std::size_t generation) {
    auto& partition = partitions_[index];
    if (stopped_ || partition.generation != generation || partition.state != State::waiting) return;
    port_.log(LogLevel::debug, "owns partition " + std::to_string(index));
    partition.state = State::owned;
    deliveries_.on_owned(index);
    pull(index);
    ask_pending(index);
}

void Partitions::on_lost(unsigned index, std::size_t generation, const std::string& reason) {
    auto& partition = partitions_[index];
    if (partition.generation != generation || partition.state == State::waiting) return;
    if (!stopped_)
        port_.log(LogLevel::warn, "has lost partition " + std::to_string(index) + ": " + reason +
                                      "; another worker may handle its events again");
    partition.state = State::waiting;
    partition.puller.reset();
    Deliveries::Actions actions;
    deliveries_.on_lost(index, actions);
    port_.execute(std::move(actions));
}

void Partitions::pull(unsigned index) {
    auto& partition = partitions_[index];
    const auto name = Names::consumer(settings_.application, index);
    partition.puller = std::make_unique<broker::PullConsumer>(
        connection_,
        broker::PullOptions{
            .stream = names_.stream(), .consumer = name, .demand = {.expires = pull_time, .silence = pull_time}},
        broker::PullConsumer::Events{.delivered = port_.deliver, .problem = [this, name](std::exception_ptr error) {
                                         port_.log(LogLevel::warn, "consumer " + name + ": " + error_text(error));
                                     }});
    partition.puller->want(settings_.limit);
}

void Partitions::release(unsigned index) {
    auto& partition = partitions_[index];
    port_.log(LogLevel::debug, "hands over partition " + std::to_string(index));
    partition.state = State::releasing;
    partition.until = control_.time_in(release_time);
    partition.flushed = false;
    partition.puller->stop();
    Deliveries::Actions actions;
    deliveries_.on_release(index, actions);
    port_.execute(std::move(actions));
    calls_.post([this, index, generation = partition.generation] {
        try {
            connection_->flush(request_time);
        } catch (const std::exception&) {  // without a connection, nothing is on its way
        }
        control_.post([this, index, generation] {
            if (partitions_[index].generation == generation) partitions_[index].flushed = true;
        });
    });
}

void Partitions::check_releasing() {
    for (unsigned i = 0; i < partitions; ++i) {
        auto& partition = partitions_[i];
        if (partition.state != State::releasing) continue;
        if (partition.flushed && deliveries_.in_hand(i) == 0) {
            Deliveries::Actions nothing;  // none of them is in hand
            deliveries_.on_lost(i, nothing);
            drop(i);
        } else if (control_.now() >= partition.until) {
            // A handler that waits for long must not stop the events of all other channels.
            partition.state = State::owned;
            partition.not_before = control_.time_in(release_pause);
            deliveries_.on_keep(i);
            pull(i);
        }
    }
}

void Partitions::gather() {
    if (stopped_) return;
    for (unsigned i = 0; i < partitions; ++i)
        if (partitions_[i].state == State::owned && deliveries_.gathering(i)) ask_pending(i);
    check_releasing();
    work_timer_.arm(control_.time_in(gather_period), [this] { gather(); });
}

void Partitions::ask_pending(unsigned index) {
    auto& partition = partitions_[index];
    if (std::exchange(partition.asking, true)) return;
    calls_.post([this, index, generation = partition.generation, known = deliveries_.known(index), streams = streams_,
                 stream = names_.stream(), name = Names::consumer(settings_.application, index)] {
        std::optional<Deliveries::Outstanding> outstanding;
        try {
            if (const auto info = streams->consumer_info(stream, name))
                outstanding = {.known = known,
                               .pending = static_cast<std::uint64_t>(std::max<std::int64_t>(info->ack_pending, 0)),
                               .deliveries = info->deliveries};
        } catch (const std::exception&) {  // asked again
        }
        control_.post([this, index, generation, outstanding] {
            auto& asked = partitions_[index];
            asked.asking = false;
            if (!outstanding || asked.generation != generation || asked.state != State::owned) return;
            Deliveries::Actions actions;
            deliveries_.on_outstanding(control_.now(), index, *outstanding, actions);
            port_.execute(std::move(actions));
        });
    });
}

bool Partitions::owns(unsigned index) const {
    if (index >= partitions) return false;
    const auto& partition = partitions_[index];
    return partition.state == State::owned && partition.lease && partition.lease->leads();
}

bool Partitions::holds(unsigned index) const {
    return index < partitions &&
           (partitions_[index].state == State::owned || partitions_[index].state == State::releasing);
}

std::size_t Partitions::owned() const {
    return static_cast<std::size_t>(
        std::ranges::count(partitions_, State::owned, [](const Partition& partition) { return partition.state; }));
}

void Partitions::on_room() {
    for (unsigned i = 0; i < partitions; ++i) {
        auto& partition = partitions_[i];
        if (partition.state != State::owned || stopped_) continue;
        const auto taken = deliveries_.in_hand(i) + partition.puller->wanted();
        if (taken + std::max<std::size_t>(settings_.limit / 4, 1) <= settings_.limit)
            partition.puller->want(settings_.limit - taken);
    }
}

void Partitions::stop() {
    stopped_ = true;
    meet_timer_.cancel();
    work_timer_.cancel();
    for (auto& partition : partitions_)
        if (partition.puller) partition.puller->stop();
}

void Partitions::end(std::chrono::milliseconds timeout) {
    for (auto& partition : partitions_)
        partition.puller.reset();
    if (timeout.count() > 0) {
        try {
            const auto entry = bucket_.get(key("members"));
            if (entry && !entry->deleted)
                bucket_.update(key("members"), membership_.leave(entry->value), entry->revision);
        } catch (const std::exception&) {  // the others notice in some seconds
        }
    }
    const auto deadline = net::time_in(timeout);
    for (auto& partition : partitions_) {
        if (!partition.lease) continue;
        const auto left = std::chrono::floor<std::chrono::milliseconds>(deadline - net::now());
        if (left.count() > 0 && connection_->connected()) partition.lease->release(left);
        partition.lease.reset();
    }
}

}  // namespace intent::relay
