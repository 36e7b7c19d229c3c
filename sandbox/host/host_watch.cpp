// Waiters for messages and journal entries of a running sandbox, and the transcript.
#include "sandbox/host/host.hpp"
#include "sandbox/journal/journal_text.hpp"
#include "text/display.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t transcript_lines = 50;  ///< of each part

/// True if the waiter is done. An exception of its predicate goes to the waiter's future.
template <class Waiter, class Value>
bool settle(Waiter& waiter, const Value& value) {
    try {
        if (!waiter.matches(value)) return false;
        waiter.found.set_value(value);
    } catch (...) {
        waiter.found.set_exception(std::current_exception());
    }
    return true;
}

Entry public_entry(const JournalEntry& entry, JournalText& text) {
    const json::object all = text.object(entry);
    const auto word = [&](const char* name) {
        const auto* value = all.if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
    };
    const auto number = [&](const char* name) {
        const auto* value = all.if_contains(name);
        return value != nullptr && value->is_number() ? std::optional(value->to_number<std::uint64_t>()) : std::nullopt;
    };
    const auto small = [&](const char* name) -> std::optional<int> {
        const auto value = number(name);
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    return {.number = entry.n,
            .time = entry.time,
            .kind = name_of(entry.kind),
            .user = word("user"),
            .connection = entry.connection,
            .session = entry.owner.session,
            .incoming = entry.kind == JournalKind::frame && entry.direction == Direction::in,
            .op = number("op"),
            .event = word("t"),
            .sequence = number("s"),
            .method = word("method"),
            .path = word("path"),
            .status = small("status"),
            .what = word("what"),
            .code = small("code"),
            .fault = number("fault"),
            .json = json::serialize(all)};
}

/// "12:00:00.123"
std::string clock_time(Timestamp time) {
    std::string text = format_timestamp(std::chrono::floor<std::chrono::milliseconds>(time));
    text = text.substr(text.find('T') + 1);
    return text.substr(0, std::min<std::size_t>(text.find('Z'), 12));
}

std::string request_line(const JournalEntry& entry, JournalText& text) {
    const auto& details = *entry.details;
    const std::string& name = text.name(entry.owner.user);
    std::string line =
        (name.empty() ? "anonymous" : name) + " " + details.method + " " + text.clean(details.path) + " -> ";
    line += details.status ? std::to_string(*details.status) : "no answer";
    if (details.fault) line += " (fault " + std::to_string(*details.fault) + ")";
    if (details.status.value_or(0) >= 400) line += " " + text.clean(details.response.substr(0, 300));
    return line;
}

std::string connection_line(const JournalEntry& entry, JournalText& text) {
    const auto& details = *entry.details;
    std::string line = "connection " + std::to_string(entry.connection) + " " + details.what;
    if (const std::string& name = text.name(entry.owner.user); !name.empty()) line += " (" + name + ")";
    if (details.code) line += " with " + std::to_string(*details.code);
    if (!details.reason.empty()) line += ": " + text.clean(details.reason);
    return line;
}

std::string fault_line(const JournalEntry& entry, JournalText& text) {
    const auto& details = *entry.details;
    std::string line = "fault " + std::to_string(details.fault.value_or(0)) + " " + details.what + " applied to ";
    line += entry.connection == 0 ? text.clean(details.path) : "connection " + std::to_string(entry.connection);
    return line;
}

}  // namespace

void Host::add_waiter(std::shared_ptr<Waiter> waiter) {
    for (const auto& message : store_.all_messages(waiter->channel))
        if (settle(*waiter, message)) return;
    waiters_.push_back(std::move(waiter));
}

void Host::on_message(const raw::Message& message) {
    waiters_.remove_if(
        [&](const auto& waiter) { return waiter->channel == message.channel_id && settle(*waiter, message); });
}

void Host::add_waiter(std::shared_ptr<EntryWaiter> waiter) {
    if (!look_through(*waiter)) entry_waiters_.push_back(std::move(waiter));
}

bool Host::look_through(EntryWaiter& waiter) {
    JournalText text(store_);
    const auto page = journal_.page({.after = waiter.seen, .limit = Journal::max_entries});
    waiter.seen = journal_.last();
    for (const auto* entry : page.entries)
        if (settle(waiter, public_entry(*entry, text))) return true;
    return false;
}

void Host::on_news() {
    control_.on_news();
    entry_waiters_.remove_if([&](const auto& waiter) { return look_through(*waiter); });
}

std::vector<Entry> Host::entries(std::uint64_t after) {
    JournalText text(store_);
    std::vector<Entry> list;
    for (const auto* entry : journal_.page({.after = after, .limit = Journal::max_entries}).entries)
        list.push_back(public_entry(*entry, text));
    return list;
}

std::string Host::transcript(std::optional<ChannelId> channel) {
    JournalText text(store_);
    std::string out;
    const auto add_channel = [&](const raw::Channel& where) {
        const auto page = store_.messages(where.id, {.limit = static_cast<int>(transcript_lines)});
        out += "said in " + text::display(place_name(where)) + (page.empty() ? ": nothing\n" : ":\n");
        for (auto message = page.rbegin(); message != page.rend(); ++message) {
            const std::string said = message->mls_ciphertext ? "(encrypted)" : text.clean(message->content);
            out += text::display("  " + clock_time(message->created_at) + " " + message->author.username + ": " + said +
                                 (message->edited_at ? " (edited)" : "")) +
                   "\n";
        }
    };
    if (channel) {
        if (const auto where = store_.channel(*channel)) add_channel(*where);
    } else {
        for (const auto& server : store_.all_servers())
            for (const auto& where : store_.channels_of(server.id))
                add_channel(where);
        for (const auto& where : store_.direct_channels())
            add_channel(where);
    }
    const auto part = [&](const char* title, JournalKind kind, auto line_of) {
        const auto page = journal_.page({.limit = transcript_lines, .kinds = Journal::bit(kind)});
        out += std::string(title) + (page.entries.empty() ? ": none\n" : ":\n");
        for (const auto* entry : page.entries)
            out += text::display("  " + clock_time(entry->time) + " " + line_of(*entry, text)) + "\n";
    };
    part("requests", JournalKind::request, request_line);
    part("connections", JournalKind::connection, connection_line);
    part("applied faults", JournalKind::fault, fault_line);
    return out;
}

}  // namespace intent::sandbox
