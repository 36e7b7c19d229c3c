// Coroutines that handle a channel's events one after the other.
#include "client/async/scope_state.hpp"
#include "client/async/thread_context.hpp"

#include <intent/detail/handlers.hpp>
#include <intent/detail/pending_dispatch.hpp>

#include <deque>
#include <mutex>
#include <unordered_map>

namespace intent::inline v0::detail {

namespace {

/// An event's share of the queue's limit while it waits.
class Held {
public:
    Held() = default;
    Held(std::shared_ptr<Executor> executor, std::size_t bytes) : executor_(std::move(executor)), bytes_(bytes) {
        if (executor_) executor_->hold(bytes_);
    }
    Held(Held&& other) noexcept : executor_(std::move(other.executor_)), bytes_(other.bytes_) {}
    Held& operator=(Held&& other) noexcept {
        std::swap(executor_, other.executor_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~Held() {
        if (executor_) executor_->release(bytes_);
    }

private:
    std::shared_ptr<Executor> executor_ = {};
    std::size_t bytes_ = 0;
};

struct Item {
    Owned<WaitingCall> call;
    Origin origin;
    Held held = {};
};

}  // namespace

struct InOrderHandler::Queues {
    /// The next event of the channel; no value if there is none, and the channel is then free.
    std::optional<Item> next(std::uint64_t key) {
        const std::lock_guard lock(mutex);
        const auto found = waiting.find(key);
        if (found == waiting.end()) return std::nullopt;
        if (found->second.empty()) {
            waiting.erase(found);
            return std::nullopt;
        }
        std::optional<Item> item(std::move(found->second.front()));
        found->second.pop_front();
        return item;
    }

    /// Abandons all waiting events in this process.
    void abandon(std::uint64_t key) {
        while (const auto item = next(key))
            if (item->origin.pending) item->origin.pending->abandon();
    }

    static task<> work(std::shared_ptr<Queues> queues, Item item);

    std::mutex mutex;
    bool ended = false;
    std::unordered_map<std::uint64_t, std::deque<Item>> waiting;  // an entry for each channel with a running handler
};

/// Handles an event and the events of its channel that have arrived in the meantime.
task<> InOrderHandler::Queues::work(std::shared_ptr<Queues> queues, Item item) {
    const auto executor = client::ThreadContext::place().executor;
    const auto scope = InScope::current();
    const std::uint64_t key = item.origin.key;
    for (;;) {
        std::exception_ptr error;
        try {
            std::optional<task<>> running;
            {
                const client::Handling handling(item.origin);
                running.emplace(item.call->start());
            }
            co_await *std::move(running);
        } catch (...) {
            error = std::current_exception();
        }
        item.origin.quiet_cancel = scope && scope->ended();
        if (error && executor) executor->report_dropped(std::move(error), item.origin);
        if (executor && executor->stopping()) {
            queues->abandon(key);
            co_return;
        }
        auto next = queues->next(key);
        if (!next) co_return;
        item = *std::move(next);
        item.held = {};
    }
}

InOrderHandler::InOrderHandler() : queues_(std::make_shared<Queues>()) {}

InOrderHandler::~InOrderHandler() { end(); }

void InOrderHandler::call(const void* event, const Origin& origin) {
    Item item{keep(event), origin};
    {
        const std::lock_guard lock(queues_->mutex);
        if (queues_->ended) return;
        const auto [queue, is_free] = queues_->waiting.try_emplace(origin.key);
        if (!is_free) {
            item.held = Held(client::ThreadContext::place().executor, origin.bytes);
            queue->second.push_back(std::move(item));
            return;
        }
    }
    try {
        auto running = Queues::work(queues_, std::move(item));
        std::move(running).detach({}, {});
    } catch (...) {  // out of memory: the channel stays usable
        queues_->next(origin.key);
        throw;
    }
}

void InOrderHandler::end() noexcept {
    decltype(queues_->waiting) dropped;  // destroyed without the lock
    const std::lock_guard lock(queues_->mutex);
    queues_->ended = true;
    dropped.swap(queues_->waiting);
}

}  // namespace intent::detail
