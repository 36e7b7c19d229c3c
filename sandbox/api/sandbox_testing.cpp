// The part of the public class Sandbox for tests: users, waits, faults, the journal.
#include "net/clock.hpp"
#include "sandbox/api/sandbox_impl.hpp"
#include "text/display.hpp"

#include <intent/client.hpp>

#include <algorithm>

namespace intent::inline v0 {

using sandbox::Host;

namespace {

/// Waits for a waiter's value. No value: the timeout expired, or the sandbox was stopped.
///
/// Errors: those of the waiter's predicate; UsageError if the sandbox was stopped before the wait.
template <class Impl, class Waiter>
auto wait_with(Impl& impl, std::shared_ptr<Waiter> waiter, std::chrono::milliseconds timeout) {
    auto found = waiter->found.get_future();
    std::optional<decltype(found.get())> value;
    // Only the sandbox owns the promise; dropping it ends the wait.
    const std::weak_ptr<Waiter> kept = waiter;
    impl.call([&](auto&) { impl.host().add_waiter(std::move(waiter)); });
    if (found.wait_until(net::time_in(timeout)) != std::future_status::ready) {
        try {
            impl.call([&](auto&) { impl.host().remove_waiter(kept); });
        } catch (const UsageError&) {
            return value;
        }
    }
    try {
        value = found.get();
    } catch (const std::future_error&) {
        // dropped: no value
    }
    return value;
}

}  // namespace

namespace sandbox {

Author::Author(const User& user) : id_(user.id()) {}

bool Author::wrote(const raw::Message& message) const {
    if (bot_ != nullptr) {
        const auto user = bot_->user();
        return user && user->id == message.author.id;
    }
    return id_ ? message.author.id == id_ : message.author.username == name_;
}

std::string Author::text() const {
    if (bot_ == nullptr) return id_ ? "user " + id_.str() : name_;
    const auto user = bot_->user();
    return user ? user->username : "a client that was never ready";
}

std::string WaitResult::text() const {
    if (!message_) return transcript_;
    return "a message of " + text::display(message_->author.username + ": " + message_->content);
}

MessageId& Reader::last_read(ChannelId channel) {
    const auto found = std::ranges::find(last_read_, channel, &std::pair<ChannelId, MessageId>::first);
    if (found != last_read_.end()) return found->second;
    return last_read_.emplace_back(channel, MessageId()).second;
}

void Reader::settle() const {
    const auto& clock = impl_->host().parts().clock.test_clock();
    if (clock) detail::ClockAccess::handle(clock).settle();
}

std::vector<std::string> Reader::take(ChannelId channel) {
    MessageId& last = last_read(channel);
    const auto messages = impl_->call([&](auto& parts) {
        if (!parts.store.channel(channel)) throw ConfigError("there is no channel " + channel.str());
        return parts.store.all_messages(channel);
    });
    std::vector<std::string> texts;
    for (const raw::Message& message : messages) {
        if (message.id <= last || !author_.wrote(message)) continue;
        texts.push_back(message.content);
        last = message.id;
    }
    return texts;
}

std::vector<std::string> Reader::next(ChannelId channel, std::chrono::milliseconds timeout) {
    settle();
    auto texts = take(channel);
    if (!texts.empty() || impl_->host().parts().clock.test_clock()) return texts;
    auto waiter = std::make_shared<Host::Waiter>();
    waiter->channel = channel;
    waiter->matches = [author = author_, last = last_read(channel)](const raw::Message& message) {
        return message.id > last && author.wrote(message);
    };
    wait_with(*impl_, std::move(waiter), timeout);
    return take(channel);
}

std::string Reader::answer_to(const User& user, ChannelId channel, std::string_view line,
                              std::chrono::milliseconds timeout) {
    settle();
    take(channel);
    user.say(channel, line);
    std::string answer;
    for (const std::string& text : next(channel, timeout))
        answer.append(answer.empty() ? "" : "\n").append(text);
    return answer;
}

}  // namespace sandbox

sandbox::Reader Sandbox::reader(sandbox::Author author) const {
    if (!author.name().empty()) author = sandbox::Author(user_id(author.name()));
    return {impl_, std::move(author)};
}

sandbox::User Sandbox::user(std::string_view name) {
    const UserId id = impl_->call([&](auto& parts) {
        if (const auto account = parts.store.account_by_name(name)) return account->user.id;
        return parts.platform.add_account(name, std::nullopt, false, parts.clock.system()).user.id;
    });
    return sandbox::User(impl_, std::string(name), id);
}

sandbox::WaitResult Sandbox::wait_matching(ChannelId channel, MessageId after, detail::Test<raw::Message> matches,
                                           std::chrono::milliseconds timeout, std::string what,
                                           const sandbox::Author* author) {
    const auto impl = impl_;
    auto waiter = std::make_shared<Host::Waiter>();
    waiter->channel = channel;
    waiter->matches = [matches = std::move(matches), after](const raw::Message& message) {
        return message.id > after && matches(message);
    };
    if (auto message = wait_with(*impl, std::move(waiter), timeout)) return sandbox::WaitResult(*std::move(message));
    // Read the name only now: a client has one once it is ready, which may have happened during the wait.
    if (author != nullptr) what += " from " + author->text();
    const std::string summary =
        "no " + what.substr(what.find(' ') + 1) + " within " + std::to_string(timeout.count()) + " ms\n";
    try {
        return sandbox::WaitResult(summary + impl->call([&](auto&) { return impl->host().transcript(channel); }));
    } catch (const UsageError&) {
        return sandbox::WaitResult("the sandbox was stopped while a test waited for " + what);
    }
}

sandbox::WaitResult Sandbox::wait_message(ChannelId channel, sandbox::Author author, sandbox::Text text,
                                          std::chrono::milliseconds timeout, MessageId after) {
    const sandbox::Author named = author;
    const std::string what = "a message " + text.text();
    if (!author.name().empty()) author = sandbox::Author(user_id(author.name()));
    detail::Test<raw::Message> matches(
        [author = std::move(author), text = std::move(text)](const raw::Message& message) {
            return text.matches(message.content) && author.wrote(message);
        });
    return wait_matching(channel, after, std::move(matches), timeout, what, &named);
}

sandbox::WaitResult Sandbox::wait_message(ChannelId channel, sandbox::Author author, std::chrono::milliseconds timeout,
                                          MessageId after) {
    return wait_message(channel, std::move(author), sandbox::containing(""), timeout, after);
}

std::optional<sandbox::Entry> Sandbox::wait_matching_entry(detail::Test<sandbox::Entry> matches,
                                                           std::chrono::milliseconds timeout, std::uint64_t after) {
    auto waiter = std::make_shared<Host::EntryWaiter>();
    waiter->seen = after;
    waiter->matches = std::move(matches);
    const auto impl = impl_;
    return wait_with(*impl, std::move(waiter), timeout);
}

bool Sandbox::wait_online(std::string_view user, std::chrono::milliseconds timeout) {
    const auto online = [&](auto& parts) {
        const UserId id = impl_->id_of(user);
        const auto sessions = parts.gateway.sessions();
        return std::any_of(sessions.begin(), sessions.end(), [&](const auto& session) {
            return session.user == id && session.connection && !session.is_over;
        });
    };
    const auto [there, last] = impl_->call([&](auto& parts) { return std::pair(online(parts), parts.journal.last()); });
    if (there) return true;
    const auto came = [who = std::string(user)](const sandbox::Entry& entry) {
        return (entry.what == "identified" || entry.what == "resumed") && entry.user == who;
    };
    return wait_entry(came, timeout, last).has_value();
}

std::uint64_t Sandbox::fault(sandbox::Fault fault) {
    return impl_->call([&](auto&) {
        sandbox::check(fault);
        return impl_->host().add_fault(std::move(fault)).id;
    });
}

std::size_t Sandbox::hits(std::uint64_t fault) const {
    return impl_->call([&](auto& parts) {
        const auto hits = parts.faults.hits(fault);
        if (!hits) throw ConfigError("there is no fault " + std::to_string(fault));
        return *hits;
    });
}

void Sandbox::remove_fault(std::uint64_t fault) {
    impl_->call([&](auto& parts) { parts.faults.remove(fault); });
}

void Sandbox::clear_faults() {
    impl_->call([](auto& parts) { parts.faults.clear(); });
}

void Sandbox::advance(std::chrono::milliseconds step) {
    if (step.count() < 0) throw ConfigError("step: the clock only moves forward");
    const auto test_clock = impl_->call([&](auto& parts) -> std::shared_ptr<net::VirtualClock> {
        const auto& clock = parts.clock.test_clock();
        if (!clock) impl_->host().advance(step, [](const std::string&) {});
        return clock;
    });
    if (test_clock) detail::ClockAccess::handle(test_clock).advance(step);
}

TestClock Sandbox::clock() const {
    const auto& clock = impl_->host().parts().clock.test_clock();
    if (!clock)
        throw UsageError(
            "Sandbox::clock(): the sandbox uses the system's clocks; create it with {.clock = TestClock()}");
    return detail::ClockAccess::handle(clock);
}

std::vector<sandbox::Entry> Sandbox::journal(std::uint64_t after) const {
    return impl_->call([&](auto&) { return impl_->host().entries(after); });
}

void Sandbox::clear_journal() {
    impl_->call([](auto& parts) { parts.journal.clear(); });
}

std::string Sandbox::transcript() const {
    return impl_->call([&](auto&) { return impl_->host().transcript(std::nullopt); });
}

void Sandbox::reset() {
    impl_->call([&](auto&) { impl_->host().reset(); });
}

std::string Sandbox::snapshot() const {
    return impl_->call([&](auto&) { return impl_->host().snapshot(); });
}

void Sandbox::restore(std::string_view snapshot) {
    impl_->call([&](auto&) { impl_->host().restore(snapshot); });
}

}  // namespace intent
