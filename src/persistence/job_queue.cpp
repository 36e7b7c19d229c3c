#include "persistence/job_queue.hpp"

#include <algorithm>
#include <utility>

namespace intent::persistence {

namespace {

detail::StoredJob read_job(const database::Statement& row) { return {row.integer(0), row.time(1), row.text(2)}; }

}  // namespace

std::int64_t add_job(Store& store, const std::string& queue, Timestamp due, const std::string& payload) {
    auto row = store.database().query("INSERT INTO intent_jobs (queue, due, payload) VALUES (?,?,?) RETURNING id",
                                      queue, due, payload);
    row.step();
    const auto id = row.integer(0);
    row.step();  // completes the statement, and with it its transaction
    return id;
}

bool remove_job(Store& store, const std::string& queue, std::int64_t id) {
    return store.database().run("DELETE FROM intent_jobs WHERE queue = ? AND id = ?", queue, id) > 0;
}

std::vector<detail::StoredJob> all_jobs(Store& store, const std::string& queue) {
    return store.database()
        .query("SELECT id, due, payload FROM intent_jobs WHERE queue = ? ORDER BY due, id", queue)
        .all(read_job);
}

std::vector<detail::StoredJob> due_jobs(Store& store, const std::string& queue, Timestamp now, std::size_t most) {
    return store.database()
        .query("SELECT id, due, payload FROM intent_jobs WHERE queue = ? AND due <= ? ORDER BY due, id LIMIT ?", queue,
               now, static_cast<std::int64_t>(most))
        .all(read_job);
}

std::optional<Timestamp> next_job(Store& store, const std::string& queue, Timestamp now) {
    auto row = store.database().query("SELECT min(due) FROM intent_jobs WHERE queue = ? AND due > ?", queue, now);
    return row.step() ? row.optional_time(0) : std::nullopt;
}

std::vector<detail::StoredJob> JobQueue::start(std::vector<detail::StoredJob> due, Timestamp now) {
    std::vector<detail::StoredJob> started;
    for (auto& job : due) {
        if (running_.size() == max_running) break;
        const auto retry = retries_.find(job.id);
        if (running_.contains(job.id) || (retry != retries_.end() && retry->second.at > now)) continue;
        running_.insert(job.id);
        started.push_back(std::move(job));
    }
    return started;
}

void JobQueue::finish(std::int64_t id) {
    running_.erase(id);
    retries_.erase(id);
}

void JobQueue::fail(std::int64_t id, Timestamp now) {
    running_.erase(id);
    Retry& retry = retries_[id];
    retry.delay = retry.delay.count() == 0 ? first_retry : std::min(2 * retry.delay, last_retry);
    retry.at = now + retry.delay;
}

void JobQueue::put_aside(std::int64_t id) {
    running_.erase(id);
    retries_[id].at = Timestamp::max();
}

void JobQueue::expect(std::optional<Timestamp> time) {
    if (time && (!expected_ || *time < *expected_)) expected_ = time;
}

std::optional<Timestamp> JobQueue::next_sleep(Timestamp now) {
    for (const auto& [id, retry] : retries_)
        if (retry.at > now && retry.at != Timestamp::max() && !running_.contains(id)) expect(retry.at);
    const auto next = std::exchange(expected_, std::nullopt);
    if (!next || (!sleeps_.empty() && *sleeps_.begin() <= *next)) return std::nullopt;
    sleeps_.insert(*next);
    return next;
}

void JobQueue::end_sleep(Timestamp wake) {
    if (const auto found = sleeps_.find(wake); found != sleeps_.end()) sleeps_.erase(found);
}

}  // namespace intent::persistence
