#include "relay/relay/backfill.hpp"

#include "codec/describe.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <deque>
#include <iterator>
#include <utility>

namespace intent::relay {

/// What a back-fill needs of a message.
struct PageMessage {
    MessageId id = {};
    Timestamp created{};
};

}  // namespace intent::relay

namespace intent::codec {

template <>
struct Fields<relay::PageMessage> {
    static constexpr std::tuple table{
        required("id", &relay::PageMessage::id),
        optional("created_at", &relay::PageMessage::created, "timestamp"),
    };
};

}  // namespace intent::codec

namespace intent::relay {

namespace {

using namespace std::chrono_literals;
using Answer = detail::RemoteAnswer;

/// The clocks of this machine and of the server may differ: the back-fill of a channel without a known message begins
/// this much earlier.
constexpr auto clock_margin = 10s;
constexpr auto mark_retry_delay = 1s;

std::string in_milliseconds(Timestamp time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

std::optional<Timestamp> from_milliseconds(std::string_view text) {
    constexpr std::int64_t max = 9'000'000'000'000;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count < 0 || count > max) return std::nullopt;
    return Timestamp(std::chrono::milliseconds(count));
}

/// `d` of a MESSAGE_CREATE.
codec::Bytes wrapped(std::string_view message) {
    codec::Bytes bytes;
    codec::Writer writer{bytes};
    writer.map(1);
    writer.key("message");
    writer.encoded({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()});
    return bytes;
}

}  // namespace

std::optional<std::vector<FetchedMessage>> read_message_page(const std::string& json) {
    const auto bytes = codec::json_to_msgpack(json);
    if (!bytes) return std::nullopt;
    codec::Reader reader{*bytes, codec::Words::json};
    codec::Wrapping wrapping;
    std::uint32_t count = 0;
    if (!codec::unwrap_list(reader, "messages", wrapping) || !reader.list(count)) return std::nullopt;
    std::vector<FetchedMessage> messages;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto start = reader.mark();
        if (!reader.skip()) return std::nullopt;
        const auto one = reader.since(start);
        const auto message = codec::from_msgpack<PageMessage>(one);
        if (!message || !message->id) continue;
        messages.push_back({message->id, message->created, {reinterpret_cast<const char*>(one.data()), one.size()}});
    }
    return messages;
}

Backfill::Backfill(Parts parts) : parts_(std::move(parts)) {
    thread_ = std::thread([this] { run(); });
}

Backfill::~Backfill() { stop(); }

void Backfill::stop() {
    std::optional<Job> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(waiting_);
        changed_.notify_all();
    }
    if (dropped) dropped->abandon();
    if (thread_.joinable()) thread_.join();
}

bool Backfill::stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Backfill::Job::abandon() const {
    for (const auto& gap : pending)
        gap->abandon();
}

Backfill::Job Backfill::join(Job one, Job other) {
    const bool other_first = other.from < one.from;
    auto& first = other_first ? other : one;
    auto& second = other_first ? one : other;
    std::ranges::move(second.pending, std::back_inserter(first.pending));
    return std::move(first);
}

void Backfill::add(Job job) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return job.abandon();
    if (waiting_) job = join(*std::move(waiting_), std::move(job));
    waiting_ = std::move(job);
    changed_.notify_all();
}

void Backfill::resume() {
    try {
        const auto entry = parts_.bucket.get(backfill_key);
        const auto from = entry ? from_milliseconds(entry->value) : std::nullopt;
        if (!from) return;
        parts_.log(LogLevel::info, "continuing the back-fill that an earlier leader has begun");
        add({.from = *from});
    } catch (const Error& error) {
        parts_.log(LogLevel::warn, std::string("it is unknown whether a back-fill is due: ") + error.what());
    }
}

void Backfill::run() {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || waiting_; });
            if (stopping_) return;
            job = *std::exchange(waiting_, std::nullopt);
        }
        if (!mark(job.from)) return job.abandon();
        job.pending.clear();
        parts_.counters->backfilling = true;
        fill(job);
        parts_.counters->backfilling = false;
    }
}

/// Notes on the broker that a back-fill is due. False if this relay stops first.
bool Backfill::mark(Timestamp from) {
    bool reported = false;
    for (;;) {
        try {
            parts_.bucket.put(backfill_key, in_milliseconds(from));
            return true;
        } catch (const Error& error) {
            if (!std::exchange(reported, true))
                parts_.log(LogLevel::warn, std::string("the back-fill waits for the broker: ") + error.what());
        }
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, mark_retry_delay, [&] { return stopping_; })) return false;
    }
}

void Backfill::unmark() {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_) return;  // the key is that of the next one
    }
    try {
        parts_.bucket.put(backfill_key, {});
    } catch (const Error& error) {
        parts_.log(LogLevel::warn, std::string("the next leader will repeat the back-fill: ") + error.what());
    }
}

void Backfill::fill(const Job& job) {
    const auto existing = channels();
    if (!existing) return;
    const BackfillPlan::Options options{parts_.limits.channels, parts_.limits.messages_per_channel,
                                        parts_.limits.messages};
    BackfillPlan plan(options, job.known, *existing, job.from - clock_margin);
    if (!fetch(plan)) return;
    unmark();
    const bool complete = plan.skipped() == 0 && plan.failed() == 0 && plan.cut() == 0;
    std::string text = "back-fill: " + std::to_string(plan.messages()) + " messages of " +
                       std::to_string(plan.channels()) + " channels";
    if (plan.skipped() > 0) text += "; " + std::to_string(plan.skipped()) + " channels were over the limit";
    if (plan.cut() > 0) text += "; " + std::to_string(plan.cut()) + " channels had more messages than the limit";
    if (plan.failed() > 0) text += "; " + std::to_string(plan.failed()) + " channels could not be read";
    parts_.log(complete ? LogLevel::info : LogLevel::warn, text);
}

/// Sends GET requests, some at a time, until `next` returns no path and everything is answered; `take` gets the answers
/// in the order of the requests. False if this relay stops first.
bool Backfill::each(const std::function<std::optional<std::string>()>& next, const std::function<void(Answer)>& take) {
    std::deque<task<Answer>> under_way;
    for (;;) {
        while (under_way.size() < parts_.limits.concurrency) {
            auto path = next();
            if (!path) break;
            detail::RemoteRequest request;
            request.method = "GET";
            request.path = *std::move(path);
            under_way.push_back(detail::answer_request(*parts_.client, std::move(request)));
        }
        if (under_way.empty()) return true;
        auto answer = under_way.front().get();
        under_way.pop_front();
        if (stopping() || answer.kind == Answer::Kind::cancelled) {
            for (auto& rest : under_way)
                static_cast<void>(rest.get());
            return false;
        }
        take(std::move(answer));
    }
}

/// The channels that can have messages: those of each server, and those of direct messages that the cache has. No value
/// if this relay stops first.
std::optional<std::vector<ChannelId>> Backfill::channels() {
    std::vector<ChannelId> ids;
    const auto collect = [&](const raw::Channel& channel) {
        if (channel.type == ChannelType::text || is_direct(channel.type)) ids.push_back(channel.id);
    };
    parts_.client->channels().for_each(collect);
    const auto servers = parts_.client->servers().all();
    std::size_t asked = 0;
    std::size_t answered = 0;
    const bool complete = each(
        [&]() -> std::optional<std::string> {
            if (asked == servers.size()) return std::nullopt;
            return "/servers/" + servers[asked++].id.str() + "/channels";
        },
        [&](const Answer& answer) {
            const auto server = servers[answered++].id;
            const auto listed = codec::from_json_list<raw::Channel>(answer.body, "channels");
            if (answer.kind != Answer::Kind::answered || answer.status != 200 || !listed)
                return parts_.log(LogLevel::warn, "back-fill: the channels of server " + server + " could not be read");
            for (const auto& channel : *listed)
                collect(channel);
        });
    if (!complete) return std::nullopt;
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

/// False if this relay stops before everything is fetched.
bool Backfill::fetch(BackfillPlan& plan) {
    std::deque<BackfillPlan::Page> pages;
    return each(
        [&]() -> std::optional<std::string> {
            const auto page = plan.next();
            if (!page) return std::nullopt;
            pages.push_back(*page);
            return page->path();
        },
        [&](Answer answer) {
            const auto page = pages.front();
            pages.pop_front();
            take(plan, page, std::move(answer));
        });
}

void Backfill::take(BackfillPlan& plan, const BackfillPlan::Page& page, Answer answer) {
    const bool answered = answer.kind == Answer::Kind::answered;
    if (answered && answer.status == 200) {
        if (auto messages = read_message_page(answer.body)) return publish(plan.on_page(page, *std::move(messages)));
        answer.text = "the server's list of messages is malformed";
    }
    const bool gone = answered && (answer.status == 403 || answer.status == 404);
    if (!gone) {
        const auto status = "status " + std::to_string(answer.status);
        parts_.log(LogLevel::warn,
                   "back-fill of channel " + page.channel + ": " + (answer.text.empty() ? status : answer.text));
    }
    publish(plan.on_failed(page, gone));
}

void Backfill::publish(const std::vector<FetchedMessage>& messages) {
    for (const auto& message : messages) {
        const auto payload = wrapped(message.content);
        OutgoingEvent event;
        event.type = "MESSAGE_CREATE";
        event.payload = payload;
        event.source = DeliverySource::backfill;
        event.received = parts_.now();
        parts_.publisher->publish(event);
    }
}

}  // namespace intent::relay
