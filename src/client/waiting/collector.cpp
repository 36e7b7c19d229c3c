#include "client/waiting/collector_state.hpp"

#include <intent/collector.hpp>
#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <string>
#include <utility>

namespace intent::inline v0::detail {

namespace {

void check_options(const CollectorOptions& options, bool of_channels) {
    if (options.count() == std::size_t{0}) throw ConfigError("CollectorOptions::count: 0; at least 1");
    if (options.queue() < 1 || options.queue() > CollectorOptions::max_queue) {
        throw ConfigError("CollectorOptions::queue: " + std::to_string(options.queue()) + "; 1 to " +
                          std::to_string(CollectorOptions::max_queue));
    }
    if (!options.channel()) return;
    if (!*options.channel()) throw ConfigError("CollectorOptions::in: the channel's id is unset");
    if (!of_channels) {
        throw ConfigError(
            "CollectorOptions::in: not every event type of the collector belongs to a channel; compare ids in the "
            "predicate instead");
    }
}

std::exception_ptr cancelled(const char* why) {
    return std::make_exception_ptr(CancelledError(std::string("Collector: ") + why));
}

}  // namespace

void NextWait::cancel() noexcept {
    if (const auto collector = collector_.lock()) collector->abandon(*this);
}

CollectorState::CollectorState(Owned<Gatherer> gatherer, const CollectorOptions& options)
    : TimedWaiter("Collector"),
      gatherer_(std::move(gatherer)),
      count_(options.count().value_or(0)),
      max_queue_(options.queue()) {
    matcher = this;
    if (options.channel()) key = options.channel()->value;
}

void CollectorState::check(std::size_t event, const void* value) {
    Waiter::check(event, value);
    resume_ready();
}

bool CollectorState::match(std::size_t event, const void* value) {
    auto verdict = gatherer_->judge(event, value);
    if (!verdict.kept) return verdict.last;
    {
        const std::lock_guard lock(queue_mutex_);
        if (cancelled_) return true;  // by its own predicate
        if (waiting_) {
            waiting_->event_ = std::move(verdict.kept);
            ready_ = std::move(waiting_);
        } else if (queue_.size() < max_queue_) {
            queue_.push(std::move(verdict.kept));
        } else {
            throw OverflowError("Collector: " + std::to_string(max_queue_) +
                                " events wait for `next` and another one arrived; take them faster, narrow the "
                                "predicate, or raise CollectorOptions::queue");
        }
    }
    return verdict.last || ++collected_ == count_;
}

void CollectorState::give_up(std::exception_ptr why) noexcept {
    {
        const std::lock_guard lock(queue_mutex_);
        cancelled_ = true;
    }
    end(std::move(why));
}

void CollectorState::on_end() noexcept {
    TimedWaiter::on_end();
    std::optional<CollectedQueue> dropped;  // destroyed without the lock
    {
        const std::lock_guard lock(queue_mutex_);
        closed_ = true;
        if (cancelled_ && error()) dropped.emplace(std::move(queue_));
        if (waiting_) ready_ = std::move(waiting_);
    }
    resume_ready();
}

void CollectorState::destroy() noexcept {
    if (!over()) give_up(detail::cancelled("it was destroyed"));
    Owned<Gatherer> gatherer;
    if (state.wait_idle()) gatherer = std::move(gatherer_);
    std::optional<CollectedQueue> dropped;
    const std::lock_guard lock(queue_mutex_);
    dropped.emplace(std::move(queue_));
}

bool CollectorState::poll(Owned<Collected>& event) noexcept {
    const std::lock_guard lock(queue_mutex_);
    event = queue_.pop();
    return event || closed_;
}

bool CollectorState::wait(const std::shared_ptr<NextWait>& next) {
    const std::lock_guard lock(queue_mutex_);
    if (waiting_ || ready_) throw UsageError("Collector::next: another `next` of this collector is waiting");
    next->event_ = queue_.pop();
    if (next->event_ || closed_) return false;
    waiting_ = next;
    return true;
}

void CollectorState::abandon(NextWait& next) noexcept {
    std::shared_ptr<NextWait> ended;
    {
        const std::lock_guard lock(queue_mutex_);
        if (waiting_.get() == &next) ended = std::move(waiting_);
        if (ready_.get() == &next) ended = std::move(ready_);
        if (!ended) return;  // it is being resumed
        if (ended->event_) queue_.push_front(std::move(ended->event_));
    }
    ended->cancelled_ = true;
    ended->waiting_.resume();
}

void CollectorState::resume_ready() noexcept {
    std::shared_ptr<NextWait> next;
    {
        const std::lock_guard lock(queue_mutex_);
        next = std::move(ready_);
    }
    if (next) next->waiting_.resume();
}

CollectorHome::CollectorHome(std::shared_ptr<ClientContext> context, std::shared_ptr<ScopeState> scope) noexcept
    : context_(std::move(context)), scope_(std::move(scope)) {}

CollectorHome::CollectorHome(Client& client) : context_(client.context_), scope_(InScope::current()) {}

CollectorHome::CollectorHome(Scope& scope) : context_(scope.context()), scope_(scope.state_) {}

CollectorHandle::CollectorHandle(CollectorHome home, std::span<const std::size_t> events, bool of_channels,
                                 Owned<Gatherer> gatherer, const CollectorOptions& options) {
    check_options(options, of_channels);
    state_ = std::make_shared<CollectorState>(std::move(gatherer), options);
    state_->scope = std::move(home.scope_);
    if (state_->listen(*home.context_, events)) state_->arm(options.time().value_or(client::Running::no_limit));
}

CollectorHandle::CollectorHandle(CollectorHandle&&) noexcept = default;

CollectorHandle& CollectorHandle::operator=(CollectorHandle&& other) noexcept {
    if (this != &other) {
        const CollectorHandle before(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

CollectorHandle::~CollectorHandle() {
    if (state_) state_->destroy();
}

void CollectorHandle::stop() noexcept {
    if (state_) state_->end(nullptr);
}

NextCollected::NextCollected(std::shared_ptr<CollectorState> state) : state_(std::move(state)) {
    if (!state_) throw UsageError("Collector::next: the collector was moved from");
}

NextCollected::~NextCollected() {
    if (scope_) scope_->remove(*wait_);
}

bool NextCollected::await_ready() { return state_->poll(ready_); }

bool NextCollected::start(std::coroutine_handle<> waiting, TaskState& task) {
    // By value: once the wait is known to the collector, the coroutine and this object may be destroyed at any moment.
    const auto state = state_;
    const auto wait = std::make_shared<NextWait>(state, waiting);
    wait_ = wait;
    state->adopt(task);
    task.waits_for(wait);
    if (task.scope()) {
        if (!task.scope()->add(wait)) {
            wait->cancelled_ = true;
            return false;
        }
        scope_ = task.scope();
    }
    return state->wait(wait);
}

Owned<Collected> NextCollected::await_resume() {
    if (wait_) {
        if (wait_->cancelled_) std::rethrow_exception(cancelled("nothing waits for its next event any more"));
        ready_ = std::move(wait_->event_);
    }
    if (!ready_ && state_->error()) std::rethrow_exception(state_->error());
    return std::move(ready_);
}

}  // namespace intent::detail
