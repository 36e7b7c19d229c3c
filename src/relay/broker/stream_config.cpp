#include "relay/broker/stream_config.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace intent::relay::broker {
namespace {

std::string limit_text(std::int64_t limit) { return limit < 0 ? "unlimited" : std::to_string(limit); }

std::string storage_text(Storage storage) { return storage == Storage::file ? "file" : "memory"; }

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts)
        text += (text.empty() ? "" : ",") + part;
    return text;
}

std::string joined(const std::vector<std::chrono::nanoseconds>& parts) {
    std::string text;
    for (const auto part : parts)
        text += (text.empty() ? "" : ",") + duration_text(part);
    return text.empty() ? "none" : text;
}

class Comparison {
public:
    void add(std::string field, std::string actual, std::string wanted, bool editable = true) {
        if (actual != wanted) found_.push_back({std::move(field), std::move(actual), std::move(wanted), editable});
    }
    std::vector<Difference> take() { return std::move(found_); }

private:
    std::vector<Difference> found_;
};

std::string list_of(const std::vector<Difference>& found) {
    std::string text;
    for (const auto& difference : found)
        text += (text.empty() ? "" : "; ") + difference.field + " is " + difference.actual + ", wanted is " +
                difference.wanted;
    return text;
}

std::string options_of(const std::vector<Difference>& found) {
    std::string text;
    for (const auto& difference : found) {
        const bool unlimited = difference.wanted == "unlimited";
        text += " --" + difference.field + "=" + (unlimited ? "-1" : difference.wanted);
    }
    return text;
}

}  // namespace

std::string duration_text(std::chrono::nanoseconds duration) {
    static constexpr std::array<std::pair<std::int64_t, const char*>, 6> units{{{3'600'000'000'000, "h"},
                                                                                {60'000'000'000, "m"},
                                                                                {1'000'000'000, "s"},
                                                                                {1'000'000, "ms"},
                                                                                {1'000, "us"},
                                                                                {1, "ns"}}};
    auto rest = duration.count();
    if (rest <= 0) return "0s";
    std::string text;
    for (const auto& [length, name] : units) {
        if (rest < length) continue;
        text += std::to_string(rest / length) + name;
        rest %= length;
    }
    return text;
}

bool all_editable(const std::vector<Difference>& found) { return std::ranges::all_of(found, &Difference::editable); }

std::vector<Difference> differences(const StreamInfo& actual, const StreamConfig& wanted) {
    auto actual_subjects = actual.config.subjects;
    auto wanted_subjects = wanted.subjects;
    std::ranges::sort(actual_subjects);
    std::ranges::sort(wanted_subjects);
    Comparison comparison;
    comparison.add("retention", actual.retention, "limits", false);
    comparison.add("storage", storage_text(actual.config.storage), storage_text(wanted.storage), false);
    comparison.add("subjects", joined(actual_subjects), joined(wanted_subjects));
    comparison.add("discard", actual.discard, "old");
    comparison.add("max-age", duration_text(actual.config.max_age), duration_text(wanted.max_age));
    comparison.add("max-bytes", limit_text(actual.config.max_bytes), limit_text(wanted.max_bytes));
    comparison.add("max-msgs", limit_text(actual.config.max_messages), limit_text(wanted.max_messages));
    comparison.add("max-msg-size", limit_text(actual.config.max_message_bytes), limit_text(wanted.max_message_bytes));
    comparison.add("dupe-window", duration_text(actual.config.duplicates), duration_text(wanted.duplicates));
    comparison.add("replicas", std::to_string(actual.config.replicas), std::to_string(wanted.replicas));
    return comparison.take();
}

std::vector<Difference> differences(const ConsumerInfo& actual, const ConsumerConfig& wanted) {
    Comparison comparison;
    const auto filter = [](const std::string& subject) { return subject.empty() ? std::string("none") : subject; };
    comparison.add("filter", filter(actual.config.filter_subject), filter(wanted.filter_subject), false);
    comparison.add("backoff", joined(actual.config.backoff), joined(wanted.backoff));
    // With waits of its own for each delivery, the broker takes the first of them for this one.
    if (wanted.backoff.empty())
        comparison.add("wait", duration_text(actual.config.ack_wait), duration_text(wanted.ack_wait));
    comparison.add("max-deliver", limit_text(actual.config.max_deliveries), limit_text(wanted.max_deliveries));
    comparison.add("max-pending", limit_text(actual.config.max_ack_pending), limit_text(wanted.max_ack_pending));
    return comparison.take();
}

std::string describe_stream_differences(const std::string& stream, const std::vector<Difference>& found) {
    std::string text = "stream " + stream + " exists with another configuration: " + list_of(found) + ". ";
    if (all_editable(found))
        return text + "Change it with `nats stream edit " + stream + options_of(found) +
               "`, or configure the values that it has";
    return text + "The broker cannot change all of that: delete it with `nats stream rm " + stream +
           "` (its messages are lost) so that it is created again, or configure the values that it has";
}

std::string describe_consumer_differences(const std::string& stream, const std::string& consumer,
                                          const std::vector<Difference>& found) {
    const std::string name = stream + " " + consumer;
    std::string text = "consumer " + consumer + " of stream " + stream +
                       " exists with another configuration: " + list_of(found) + ". ";
    if (all_editable(found))
        return text + "Change it with `nats consumer edit " + name + options_of(found) +
               "`, or configure the values that it has";
    return text + "The broker cannot change all of that: delete it with `nats consumer rm " + name +
           "` (its position is lost) so that it is created again, or use another name";
}

}  // namespace intent::relay::broker
