// The part of the public class Sandbox for tests: users, waits, faults, the journal.
#include "net/clock.hpp"
#include "sandbox/api/sandbox_impl.hpp"
#include "text/display.hpp"

#include <intent/client.hpp>

#include <algorithm>

namespace intent {

using sandbox::Host;

namespace {

/// Waits until `found` is set or, after the timeout, the waiter is removed. False if the sandbox was stopped.
template <class Impl, class Future, class Waiter>
bool ended_in_time(Impl& impl, Future& found, std::chrono::milliseconds timeout, const std::weak_ptr<Waiter>& waiter) {
    if (found.wait_until(net::time_in(timeout)) == std::future_status::ready) return true;
    try {
        impl.call([&] { impl.host.remove_waiter(waiter); });
        return true;
    } catch (const UsageError&) {
        return false;
    }
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

}  // namespace sandbox

sandbox::User Sandbox::user(std::string_view name) {
    const UserId id = impl_->call([&] {
        auto& parts = impl_->parts();
        if (const auto account = parts.store.account_by_name(name)) return account->user.id;
        return parts.platform.add_account(name, std::nullopt, false, parts.clock.read().system).user.id;
    });
    return sandbox::User(impl_, std::string(name), id);
}

sandbox::WaitResult Sandbox::wait_matching(ChannelId channel, MessageId after, std::shared_ptr<void> predicate,
                                           bool (*matches)(void* predicate, const raw::Message&),
                                           std::chrono::milliseconds timeout, std::string what,
                                           const sandbox::Author* author) {
    const auto impl = impl_;
    auto waiter = std::make_shared<Host::Waiter>();
    waiter->channel = channel;
    waiter->matches = [predicate = std::move(predicate), matches, after](const raw::Message& message) {
        return message.id > after && matches(predicate.get(), message);
    };
    auto found = waiter->found.get_future();
    // Only the sandbox owns the promise; dropping it ends the wait.
    const std::weak_ptr<Host::Waiter> kept = waiter;
    impl->call([&] { impl->host.add_waiter(std::move(waiter)); });
    if (!ended_in_time(*impl, found, timeout, kept))
        return sandbox::WaitResult("the sandbox was stopped while a test waited for " + what);
    try {
        return sandbox::WaitResult(found.get());
    } catch (const std::future_error&) {
        // Read the name only now: a client has one once it is ready, which may have happened during the wait.
        if (author != nullptr) what += " from " + author->text();
        const std::string summary =
            "no " + what.substr(what.find(' ') + 1) + " within " + std::to_string(timeout.count()) + " ms\n";
        try {
            return sandbox::WaitResult(impl->call([&] { return summary + impl->host.transcript(channel); }));
        } catch (const UsageError&) {
            return sandbox::WaitResult("the sandbox was stopped while a test waited for " + what);
        }
    }
}

sandbox::WaitResult Sandbox::wait_message(ChannelId channel, sandbox::Author author, sandbox::Text text,
                                          std::chrono::milliseconds timeout, MessageId after) {
    const sandbox::Author named = author;
    const std::string what = "a message " + text.text();
    if (!author.name().empty()) author = sandbox::Author(user_id(author.name()));
    struct Matches {
        sandbox::Author author;
        sandbox::Text text;
    };
    const auto call = [](void* predicate, const raw::Message& message) -> bool {
        const auto& wanted = *static_cast<const Matches*>(predicate);
        return wanted.text.matches(message.content) && wanted.author.wrote(message);
    };
    return wait_matching(channel, after, std::make_shared<Matches>(Matches{std::move(author), std::move(text)}), call,
                         timeout, what, &named);
}

sandbox::WaitResult Sandbox::wait_message(ChannelId channel, sandbox::Author author, std::chrono::milliseconds timeout,
                                          MessageId after) {
    return wait_message(channel, std::move(author), sandbox::containing(""), timeout, after);
}

std::optional<sandbox::Entry> Sandbox::wait_matching_entry(std::shared_ptr<void> predicate,
                                                           bool (*matches)(void* predicate, const sandbox::Entry&),
                                                           std::chrono::milliseconds timeout, std::uint64_t after) {
    const auto impl = impl_;
    auto waiter = std::make_shared<Host::EntryWaiter>();
    waiter->seen = after;
    waiter->matches = [predicate = std::move(predicate), matches](const sandbox::Entry& entry) {
        return matches(predicate.get(), entry);
    };
    auto found = waiter->found.get_future();
    const std::weak_ptr<Host::EntryWaiter> kept = waiter;
    impl->call([&] { impl->host.add_waiter(std::move(waiter)); });
    if (!ended_in_time(*impl, found, timeout, kept)) return std::nullopt;
    try {
        return found.get();
    } catch (const std::future_error&) {
        return std::nullopt;
    }
}

bool Sandbox::wait_online(std::string_view name, std::chrono::milliseconds timeout) {
    const auto online = [&] {
        const UserId user = impl_->id_of(name);
        const auto sessions = impl_->parts().gateway.sessions();
        return std::any_of(sessions.begin(), sessions.end(), [&](const auto& session) {
            return session.user == user && session.connection && !session.is_over;
        });
    };
    const auto [there, last] = impl_->call([&] { return std::pair(online(), impl_->parts().journal.last()); });
    if (there) return true;
    const auto came = [who = std::string(name)](const sandbox::Entry& entry) {
        return (entry.what == "identified" || entry.what == "resumed") && entry.user == who;
    };
    return wait_entry(came, timeout, last).has_value();
}

std::uint64_t Sandbox::fault(sandbox::Fault fault) {
    return impl_->call([&] {
        sandbox::check(fault);
        return impl_->host.add_fault(std::move(fault)).id;
    });
}

std::size_t Sandbox::hits(std::uint64_t fault) const {
    return impl_->call([&] {
        const auto hits = impl_->parts().faults.hits(fault);
        if (!hits) throw ConfigError("there is no fault " + std::to_string(fault));
        return *hits;
    });
}

void Sandbox::remove_fault(std::uint64_t fault) {
    impl_->call([&] { impl_->parts().faults.remove(fault); });
}

void Sandbox::clear_faults() {
    impl_->call([&] { impl_->parts().faults.clear(); });
}

void Sandbox::advance(std::chrono::milliseconds step) {
    if (step.count() < 0) throw ConfigError("step: the clock only moves forward");
    impl_->call([&] { impl_->host.advance(step); });
}

std::vector<sandbox::Entry> Sandbox::journal(std::uint64_t after) const {
    return impl_->call([&] { return impl_->host.entries(after); });
}

void Sandbox::clear_journal() {
    impl_->call([&] { impl_->parts().journal.clear(); });
}

std::string Sandbox::transcript() const {
    return impl_->call([&] { return impl_->host.transcript(std::nullopt); });
}

void Sandbox::reset() {
    impl_->call([&] { impl_->host.reset(); });
}

std::string Sandbox::snapshot() const {
    return impl_->call([&] { return impl_->host.snapshot(); });
}

void Sandbox::restore(std::string_view snapshot) {
    impl_->call([&] { impl_->host.restore(snapshot); });
}

}  // namespace intent
