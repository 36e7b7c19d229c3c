// Deletes many messages: in bulk where the server allows it, otherwise one by one.
#include <intent/channel.hpp>
#include <intent/errors.hpp>
#include <intent/history.hpp>
#include <intent/limits.hpp>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace intent::inline v0 {

namespace {

enum class Outcome { deleted, refused, gone, not_served };

/// What a failed deletion means. Throws the error if it says nothing about the messages: the token, the rate limit, the
/// server or the network.
Outcome outcome_of(const HttpError& error) {
    const int status = error.status();
    if (status == 405 || status == 501) return Outcome::not_served;
    if (status == 401 || status == 429 || status >= 500) throw;
    return status == 404 ? Outcome::gone : Outcome::refused;
}

class Purge {
public:
    Purge(Channel channel, PurgeReport& report) : channel_(std::move(channel)), report_(report) {}

    /// Deletes a batch. A bulk deletion fails as a whole if one of its messages is gone or must not be deleted, so its
    /// halves are tried next. Used by one coroutine, which outlives this one.
    task<> remove(std::vector<MessageId> batch) {
        std::vector<std::vector<MessageId>> left{std::move(batch)};
        while (!left.empty()) {
            const std::vector<MessageId> ids = std::move(left.back());
            left.pop_back();
            if (ids.size() > 1 && is_bulk_served_) {
                auto call = remove_together(ids);
                const Outcome outcome = co_await std::move(call);
                if (outcome == Outcome::deleted) {
                    report_.deleted += ids.size();
                    continue;
                }
                if (ids.size() > 2 && is_bulk_served_) {
                    const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2);
                    left.emplace_back(middle, ids.end());
                    left.emplace_back(ids.begin(), middle);
                    continue;
                }
            }
            const std::size_t deleted_before = report_.deleted;
            for (const MessageId id : ids) {
                auto call = remove_one(id);
                co_await std::move(call);
            }
            // Nothing was wrong with these messages, so the server has no bulk deletion.
            if (ids.size() > 1 && report_.deleted - deleted_before == ids.size()) is_bulk_served_ = false;
        }
    }

private:
    task<Outcome> remove_together(const std::vector<MessageId>& ids) {
        auto call = channel_.remove_messages(ids);
        try {
            co_await std::move(call);
            co_return Outcome::deleted;
        } catch (const HttpError& error) {
            const Outcome outcome = outcome_of(error);
            // Without the permission, the bot may still delete its own messages.
            if (outcome == Outcome::not_served || error.status() == 403) is_bulk_served_ = false;
            co_return outcome;
        }
    }

    task<> remove_one(MessageId id) {
        raw::Message only_ids;
        only_ids.id = id;
        only_ids.channel_id = channel_.id;
        auto call = Message(std::move(only_ids), channel_.client()).remove();
        try {
            co_await std::move(call);
            ++report_.deleted;
        } catch (const HttpError& error) {
            if (outcome_of(error) == Outcome::gone) {
                ++report_.gone;
            } else if (++report_.refused == 1) {
                report_.first_refusal = error.what();
            }
        }
    }

    const Channel channel_;
    PurgeReport& report_;
    bool is_bulk_served_ = true;
};

task<PurgeReport> purge(Channel channel, History history, std::optional<detail::Test<Message>> test,
                        std::optional<std::size_t> max) {
    if (history.channel() != channel.id)
        throw ConfigError("purge: the history is that of channel " + history.channel() + ", not of channel " +
                          channel.id.str());
    PurgeReport report;
    Purge purge(std::move(channel), report);
    std::vector<MessageId> batch;
    std::size_t selected = 0;
    for (bool is_at_end = max == 0u; !is_at_end;) {
        auto reading = history.next();
        const auto message = co_await std::move(reading);
        is_at_end = !message;
        if (message && (!test || (*test)(*message))) {
            batch.push_back(message->id);
            is_at_end = ++selected == max;
        }
        if (batch.empty() || (batch.size() < limits::bulk_delete && !is_at_end)) continue;
        auto removal = purge.remove(std::exchange(batch, {}));
        co_await std::move(removal);
    }
    co_return report;
}

}  // namespace

task<PurgeReport> Channel::purge(History history) const {
    return intent::purge(*this, std::move(history), std::nullopt, std::nullopt);
}
task<PurgeReport> Channel::purge_matching(History history, detail::Test<Message> test,
                                          std::optional<std::size_t> max) const {
    return intent::purge(*this, std::move(history), std::move(test), max);
}

}  // namespace intent
