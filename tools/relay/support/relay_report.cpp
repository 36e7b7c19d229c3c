#include "tools/relay/support/relay_report.hpp"

#include "relay/broker/jetstream.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/broker/lease_state.hpp"
#include "text/display.hpp"
#include "tools/relay/support/json_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace tool {

namespace {

namespace json = boost::json;
namespace broker = intent::relay::broker;

using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

constexpr std::chrono::milliseconds answer_time{500};
constexpr std::size_t max_relays = 32;
constexpr std::size_t max_answer = 16 * 1024;

double seconds_since(Time time) {
    const auto now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - time).count();
    return static_cast<double>(std::max<std::int64_t>(passed, 0)) / 1000;
}

/// Every relay answers on its own.
json::array relays_of(const BrokerAccess& access) {
    std::mutex mutex;
    std::map<std::string, json::object> answers;
    const std::string inbox = access.connection->new_inbox();
    const auto subscription = access.connection->subscribe(inbox, [&](const broker::Message& answer) {
        if (answer.data.size() > max_answer) return;
        json::error_code error;
        auto value = json::parse(answer.data, error);
        if (error || !value.is_object()) return;
        const auto* id = value.as_object().if_contains("id");
        if (!id || !id->is_string()) return;
        const std::lock_guard lock(mutex);
        if (answers.size() < max_relays)
            answers.insert_or_assign(std::string(std::string_view(id->as_string())), value.as_object());
    });
    access.connection->publish({.subject = status_subject(access.names), .reply = inbox});
    // All of them are waited for: how many there are is not known.
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, answer_time, [] { return false; });
    json::array relays;
    for (auto& [id, answer] : answers)
        relays.push_back(std::move(answer));
    return relays;
}

/// The key of the lease and the age of the saved session.
void add_lead(json::object& report, const BrokerAccess& access) {
    const broker::KeyValue bucket(access.connection, access.names.bucket());
    report["leader"] = nullptr;
    report["term"] = 0;
    if (const auto entry = bucket.get(intent::relay::leader_key); entry && !entry->deleted) {
        if (const auto lease = broker::parse_lease(entry->value)) {
            // Behind the name of the relay: what tells its processes apart.
            const auto name = std::string_view(lease->holder).substr(0, lease->holder.find('#'));
            if (!name.empty()) report["leader"] = json_text(name);
            report["term"] = lease->term;
            report["lease_age_s"] = seconds_since(entry->time);
        }
    }
    report["session_saved_s"] = nullptr;
    if (const auto entry = bucket.get(intent::relay::session_key); entry && !entry->deleted)
        report["session_saved_s"] = seconds_since(entry->time);
}

json::object stream_report(const broker::StreamInfo& info) {
    json::object stream{{"messages", info.messages},
                        {"bytes", info.bytes},
                        {"first", info.first_sequence},
                        {"last", info.last_sequence},
                        {"max_bytes", info.config.max_bytes}};
    stream["oldest_s"] = info.messages > 0 ? json::value(seconds_since(info.first_time)) : json::value(nullptr);
    stream["newest_s"] = info.messages > 0 ? json::value(seconds_since(info.last_time)) : json::value(nullptr);
    return stream;
}

/// How long the oldest event waits that nobody has acknowledged.
double lag_of(broker::JetStream& streams, const broker::StreamInfo& stream, const broker::ConsumerInfo& consumer) {
    if (consumer.pending == 0 && consumer.ack_pending == 0) return 0;
    const auto sequence = std::max(consumer.acknowledged_sequence + 1, stream.first_sequence);
    // With a filter, the event belongs to another partition: then the lag is that of an older one, which is rare.
    const auto message = streams.get_message(stream.config.name, sequence);
    return message ? seconds_since(message->time) : 0;
}

json::array consumers_of(broker::JetStream& streams, const broker::StreamInfo& stream) {
    json::array consumers;
    for (const auto& info : streams.consumers(stream.config.name))
        consumers.push_back(json::object{{"name", json_text(info.config.name)},
                                         {"pending", info.pending},
                                         {"in_hand", info.ack_pending},
                                         {"redelivered", info.redelivered},
                                         {"pulls", info.waiting},
                                         {"acknowledged", info.acknowledged_sequence},
                                         {"lag_s", lag_of(streams, stream, info)}});
    return consumers;
}

std::string cell_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null()) return "-";
    if (value->is_string()) return std::string(std::string_view(value->as_string()));
    if (value->is_double()) return fmt::format("{:.1f}", value->as_double());
    return json::serialize(*value);
}

void add_rows(std::string& out, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i)
            line += fmt::format(" {:<{}}", row[i], widths[i] + 1);
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
}

void add_table(std::string& out, const json::array& objects,
               const std::vector<std::pair<std::string, std::string>>& columns) {
    std::vector<std::vector<std::string>> rows(1);
    for (const auto& [title, name] : columns)
        rows.front().push_back(title);
    for (const auto& object : objects) {
        rows.emplace_back();
        // Measured as it is shown.
        for (const auto& [title, name] : columns)
            rows.back().push_back(intent::text::display(cell_of(object.as_object(), name)));
    }
    add_rows(out, rows);
}

}  // namespace

json::object relay_report(const BrokerAccess& access) {
    broker::JetStream streams(access.connection);
    json::object report{{"bot", json_text(access.names.bot())}, {"broker", json_text(access.connection->server())}};
    const auto stream = streams.stream_info(access.names.stream());
    if (!stream) {
        report["stream"] = nullptr;
        report["relays"] = relays_of(access);
        return report;
    }
    add_lead(report, access);
    report["relays"] = relays_of(access);
    report["stream"] = stream_report(*stream);
    report["consumers"] = consumers_of(streams, *stream);
    const auto letters = streams.stream_info(access.names.dead_letter_stream());
    report["dead_letters"] = letters ? letters->messages : 0;
    return report;
}

std::string report_text(const json::object& report) {
    std::string out = fmt::format("bot {} on {}\n", cell_of(report, "bot"), cell_of(report, "broker"));
    const auto& relays = report.at("relays").as_array();
    const auto* stream = report.if_contains("stream");
    if (!stream || stream->is_null()) {
        out += "no relay has run yet: the broker has no stream of this bot\n";
    } else {
        out += fmt::format("leader {}, term {}, session saved {} s ago\n", cell_of(report, "leader"),
                           cell_of(report, "term"), cell_of(report, "session_saved_s"));
    }
    out += "\nrelays\n";
    add_table(out, relays,
              {{"id", "id"},
               {"leads", "leads"},
               {"gateway", "gateway"},
               {"seq", "seq"},
               {"unacknowledged", "waiting"},
               {"published", "published"},
               {"gaps", "gaps"},
               {"requests", "requests"},
               {"answered", "requests_answered"},
               {"repeated", "requests_repeated"},
               {"unknown", "unknown_outcomes"},
               {"waited > 1 s", "calls_that_waited"}});
    for (const auto& relay : relays)
        if (const auto problem = cell_of(relay.as_object(), "broker_problem"); !problem.empty() && problem != "-")
            out += fmt::format("  {}: {}\n", cell_of(relay.as_object(), "id"), problem);
    if (!stream || stream->is_null()) return out;
    const auto& facts = stream->as_object();
    out += fmt::format("\nstream: {} events, {} bytes, {} to {}, oldest {} s, newest {} s\n",
                       cell_of(facts, "messages"), cell_of(facts, "bytes"), cell_of(facts, "first"),
                       cell_of(facts, "last"), cell_of(facts, "oldest_s"), cell_of(facts, "newest_s"));
    out += "\nconsumers\n";
    add_table(out, report.at("consumers").as_array(),
              {{"name", "name"},
               {"pending", "pending"},
               {"in hand", "in_hand"},
               {"redelivered", "redelivered"},
               {"pulls", "pulls"},
               {"acknowledged", "acknowledged"},
               {"lag (s)", "lag_s"}});
    return out + fmt::format("\ndead letters: {}\n", cell_of(report, "dead_letters"));
}

}  // namespace tool
