#include "relay/broker/lease_state.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace intent::relay::broker {

std::string format_lease(const LeaseRecord& record) { return std::to_string(record.term) + " " + record.holder; }

std::optional<LeaseRecord> parse_lease(std::string_view text) {
    LeaseRecord record;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), record.term);
    if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    constexpr std::size_t longest = 128;
    if (text.size() > longest || text.find(' ') != std::string_view::npos) return {};
    record.holder = text;
    return record;
}

LeaseState::LeaseState(const Options& options) : options_(options) {}

void LeaseState::start(Time now, Actions& actions) { read(now, actions); }

void LeaseState::release(Time now, Actions& actions, std::string reason) {
    if (releasing_) return;
    releasing_ = true;
    if (leading_) stop_leading(std::move(reason), actions);
    if (request_ == Request::none) give_up(now, actions);
}

void LeaseState::on_read(std::optional<LeaseRecord> record, std::uint64_t revision, Time now, Actions& actions) {
    if (ended_) return;
    request_ = Request::none;
    const bool is_new = !seen_since_ || revision != revision_;
    if (is_new) {
        seen_ = record ? std::move(*record) : LeaseRecord{};
        revision_ = revision;
        seen_since_ = now;
    }
    const bool mine = seen_.holder == options_.holder;
    if (leading_ && !mine)
        stop_leading(seen_.holder.empty() ? "the key was removed" : "it was taken over", actions);
    else if (leading_ && is_new && unknown_write_)
        valid_until_ = std::max(valid_until_, *unknown_write_ + options_.ttl - options_.margin);
    // Writes on an earlier revision cannot succeed any more. Nor is there anything to wait for at the end: what still
    // succeeds then expires.
    if (is_new || releasing_) unknown_write_.reset();

    if (releasing_)
        give_up(now, actions);
    else if (leading_)
        write({options_.holder, term_}, now, actions);
    else
        take_part(now, actions);
}

void LeaseState::on_written(std::uint64_t revision, Time now, Actions& actions) {
    if (ended_) return;
    request_ = Request::none;
    unknown_write_.reset();
    seen_ = writing_;
    revision_ = revision;
    seen_since_ = now;
    if (releasing_) return give_up(now, actions);
    valid_until_ = std::max(valid_until_, sent_ + options_.ttl - options_.margin);
    if (!leading_) {
        if (now >= valid_until_) return write({options_.holder, seen_.term}, now, actions);  // it took too long
        leading_ = true;
        term_ = seen_.term;
        actions.emplace_back(Lead{term_});
    }
    next_ = sent_ + options_.renew;
}

void LeaseState::on_conflict(Time now, Actions& actions) {
    if (ended_) return;
    request_ = Request::none;
    read(now, actions);
}

void LeaseState::on_failed(Time now, Actions& actions) {
    if (ended_) return;
    if (request_ == Request::write && !unknown_write_) unknown_write_ = sent_;
    request_ = Request::none;
    next_ = now + options_.retry;
    give_up_in_time(now, actions);
}

void LeaseState::on_hint(Time now, Actions& actions) {
    // The leader learns by its next renewal.
    if (ended_ || leading_) return;
    if (request_ == Request::none)
        read(now, actions);
    else
        look_again_ = true;
}

void LeaseState::on_time(Time now, Actions& actions) {
    if (ended_) return;
    give_up_in_time(now, actions);
    if (request_ != Request::none || now < next_) return;
    if (leading_)
        write({options_.holder, term_}, now, actions);
    else
        read(now, actions);
}

LeaseState::Time LeaseState::next_wake() const noexcept {
    if (ended_) return Time::max();
    const Time request = request_ == Request::none ? next_ : Time::max();
    return leading_ ? std::min(request, valid_until_) : request;
}

void LeaseState::read(Time now, Actions& actions) {
    request_ = Request::read;
    sent_ = now;
    look_again_ = false;
    actions.emplace_back(Read{});
}

void LeaseState::write(LeaseRecord record, Time now, Actions& actions) {
    request_ = Request::write;
    sent_ = now;
    writing_ = std::move(record);
    actions.emplace_back(Write{writing_, revision_});
}

void LeaseState::stop_leading(std::string reason, Actions& actions) {
    leading_ = false;
    actions.emplace_back(Follow{std::move(reason)});
}

void LeaseState::give_up_in_time(Time now, Actions& actions) {
    if (!leading_ || now < valid_until_) return;
    stop_leading("it could not be renewed in time", actions);
    next_ = now;
}

void LeaseState::give_up(Time now, Actions& actions) {
    if (unknown_write_) return read(now, actions);
    if (seen_.holder == options_.holder) return write({{}, seen_.term}, now, actions);
    ended_ = true;
    actions.emplace_back(Released{});
}

void LeaseState::take_part(Time now, Actions& actions) {
    const bool is_free = seen_.holder.empty() || seen_.holder == options_.holder;
    if (is_free || now >= *seen_since_ + options_.ttl) return write({options_.holder, seen_.term + 1}, now, actions);
    if (look_again_) return read(now, actions);
    next_ = std::min(now + options_.look, *seen_since_ + options_.ttl);
}

}  // namespace intent::relay::broker
