#include "net/loop.hpp"

#include "net/impl/loop_impl.hpp"
#include "net/virtual_clock.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <optional>
#include <utility>

namespace intent::net {

namespace {

thread_local const Loop::Impl* loop_of_this_thread = nullptr;

// OpenSSL writes to sockets without MSG_NOSIGNAL. A closed peer must cause an error, not end the process.
void block_sigpipe() {
#ifdef SIGPIPE
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
#endif
}

}  // namespace

void LoopGate::post(std::function<void()> work) {
    std::lock_guard lock(mutex);
    if (loop) loop->post(std::move(work));
}

Loop::Impl::Impl(std::function<void(std::exception_ptr)> error_handler) : on_error(std::move(error_handler)) {
    gate->loop = this;
}

Loop::Impl::~Impl() {
    std::lock_guard lock(gate->mutex);
    gate->loop = nullptr;
}

void Loop::Impl::run() {
    block_sigpipe();
    loop_of_this_thread = this;
    for (;;) {
        try {
            io.run();
            break;
        } catch (...) {
            fail(std::current_exception());
        }
    }
    loop_of_this_thread = nullptr;
    {
        std::lock_guard lock(mutex);
        running = false;
    }
    ended.notify_all();
}

void Loop::Impl::fail(std::exception_ptr error) noexcept {
    try {
        if (on_error) on_error(error);
    } catch (...) {  // an error of the error handler is dropped
    }
    std::vector<std::weak_ptr<Share>> all;
    try {
        std::lock_guard lock(shares_mutex);
        all = shares;
    } catch (...) {  // out of memory: they get no report
    }
    for (const auto& weak : all)
        if (const auto share = weak.lock()) share->fail(error);
}

void Loop::Share::fail(std::exception_ptr error) noexcept {
    try {
        if (open && on_error) on_error(std::move(error));
    } catch (...) {  // as above
    }
}

void Loop::Impl::post(std::function<void()> work) {
    if (stopped) return;
    boost::asio::post(io, std::move(work));
}

bool Loop::Impl::on_thread() const noexcept { return loop_of_this_thread == this; }

void Loop::Impl::call_and_wait(const std::function<void()>& work) {
    if (on_thread()) return work();
    struct State {
        std::mutex mutex;
        bool claimed = false;  // by the code that runs the work
        bool done = false;
    };
    auto state = std::make_shared<State>();
    std::unique_lock lock(mutex);
    if (running) {
        post([this, state, &work] {
            {
                std::lock_guard claim(state->mutex);
                if (state->claimed) return;
                state->claimed = true;
            }
            work();
            {
                std::lock_guard finish(mutex);
                state->done = true;
            }
            ended.notify_all();
        });
        ended.wait(lock, [&] { return state->done || !running; });
        if (state->done) return;
    }
    lock.unlock();
    {
        std::lock_guard claim(state->mutex);
        state->claimed = true;
    }
    work();
}

/// A virtual clock, and the posted work, which keeps it from advancing.
struct Loop::OnClock {
    explicit OnClock(std::shared_ptr<VirtualClock> virtual_clock)
        : clock(std::move(virtual_clock)), number(clock->next_number()), work(clock, Work::call) {}

    const std::shared_ptr<VirtualClock> clock;
    const std::uint64_t number;
    WorkGroup work;
};

namespace {

/// Work that has begun, and ends when it is done or dropped.
struct Begun {
    Begun(WorkGroup& of, std::shared_ptr<const void> keep_of, std::function<void()> what)
        : group(of), keep(std::move(keep_of)), work(std::move(what)) {
        group.begin();
    }
    ~Begun() {
        work = nullptr;  // what it captured may post more
        group.end();
    }
    Begun(const Begun&) = delete;
    Begun& operator=(const Begun&) = delete;

    WorkGroup& group;
    std::shared_ptr<const void> keep;
    std::function<void()> work;
};

}  // namespace

Loop::Loop(std::function<void(std::exception_ptr)> on_error, std::shared_ptr<VirtualClock> clock)
    : impl_(std::make_unique<Impl>(std::move(on_error))),
      on_clock_(clock ? std::make_shared<OnClock>(std::move(clock)) : nullptr) {}

Loop::Loop(std::shared_ptr<Loop> host, std::function<void(std::exception_ptr)> on_error,
           std::shared_ptr<VirtualClock> clock)
    : share_(std::make_shared<Share>()), on_clock_(clock ? std::make_shared<OnClock>(std::move(clock)) : nullptr) {
    share_->host = std::move(host);
    share_->on_error = std::move(on_error);
    Impl& shared = impl();
    std::lock_guard lock(shared.shares_mutex);
    std::erase_if(shared.shares, [](const auto& share) { return share.expired(); });
    shared.shares.push_back(share_);
}

Loop::~Loop() { stop(); }

Loop::Impl& Loop::impl() noexcept { return share_ ? share_->host->impl() : *impl_; }

void Loop::start() {
    if (share_) return share_->host->start();
    std::lock_guard join(impl_->join_mutex);
    if (impl_->stopped || impl_->thread.joinable()) return;
    {
        std::lock_guard lock(impl_->mutex);
        impl_->running = true;
    }
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

Time Loop::now() const { return on_clock_ ? on_clock_->clock->now() : net::now(); }

Time Loop::time_in(std::chrono::milliseconds delay) const {
    return on_clock_ ? on_clock_->clock->now() + clamped(delay) : net::time_in(delay);
}

std::chrono::system_clock::time_point Loop::system_now() const {
    return on_clock_ ? on_clock_->clock->system_now() : net::system_now();
}

std::uint64_t Loop::random_seed() const { return on_clock_ ? on_clock_->clock->next_seed() : net::random_seed(); }

const std::shared_ptr<VirtualClock>& Loop::clock() const noexcept {
    static const std::shared_ptr<VirtualClock> none;
    return on_clock_ ? on_clock_->clock : none;
}

void Loop::post(std::function<void()> work) {
    if (!on_clock_) return post_now(std::move(work));
    post_now([begun = std::make_shared<Begun>(on_clock_->work, on_clock_, std::move(work))] { begun->work(); });
}

void Loop::post_now(std::function<void()> work) {
    if (!share_) return impl_->post(std::move(work));
    if (!share_->open) return;
    share_->host->post([share = share_, work = std::move(work)] {
        if (!share->open) return;
        try {
            work();
        } catch (...) {
            share->fail(std::current_exception());
        }
    });
}

bool Loop::on_thread() const noexcept { return share_ ? share_->host->on_thread() : impl_->on_thread(); }

void Loop::end(const std::function<void()>& last) {
    if (!share_->open) return;
    impl().call_and_wait([&] {
        if (!share_->open.exchange(false)) return;
        if (last) last();
    });
    if (on_clock_) on_clock_->work.close();
}

void Loop::stop() {
    if (share_) return end({});
    impl_->stopped = true;
    impl_->io.stop();
    if (on_clock_) on_clock_->work.close();  // what is still posted never runs
    if (on_thread()) return;
    std::lock_guard lock(impl_->join_mutex);
    if (impl_->thread.joinable()) impl_->thread.join();
}

struct Timer::Impl {
    virtual ~Impl() = default;
    virtual void arm(Time when, std::function<void()> callback) = 0;
    virtual void cancel() = 0;

protected:
    /// Calls the callback of that arming, unless it was replaced or cancelled: an expiry that is already queued then
    /// still arrives.
    void expire(std::uint64_t armed) {
        if (generation != armed) return;
        if (const auto due = std::exchange(fire, nullptr)) due();
    }

    std::uint64_t generation = 0;
    std::function<void()> fire;
};

struct Timer::Real final : Timer::Impl, std::enable_shared_from_this<Timer::Real> {
    explicit Real(boost::asio::io_context& io) : timer(io) {}

    void arm(Time when, std::function<void()> callback) override {
        const auto armed = ++generation;
        fire = std::move(callback);
        timer.expires_at(when);
        timer.async_wait([self = shared_from_this(), armed](const boost::system::error_code&) { self->expire(armed); });
    }

    void cancel() override {
        ++generation;
        fire = nullptr;
        timer.cancel();
    }

    boost::asio::steady_timer timer;
};

struct Timer::OnClock final : Timer::Impl, VirtualClock::Alarm, std::enable_shared_from_this<Timer::OnClock> {
    explicit OnClock(Loop& loop_) : loop(loop_) {}

    void arm(Time when, std::function<void()> callback) override {
        cancel();
        fire = std::move(callback);
        alarm = loop.clock()->set_alarm(when, loop.on_clock_->number, shared_from_this(), generation);
    }

    void cancel() override {
        ++generation;
        fire = nullptr;
        if (const auto set = std::exchange(alarm, std::nullopt)) loop.clock()->remove_alarm(*set);
    }

    void ring(std::uint64_t armed) override {
        loop.post([self = shared_from_this(), armed] { self->expire(armed); });
    }

    Loop& loop;
    std::optional<VirtualClock::AlarmId> alarm = {};
};

Timer::Timer(Loop& loop, Kind kind) {
    if (loop.clock() && kind == Kind::loops)
        impl_ = std::make_shared<OnClock>(loop);
    else
        impl_ = std::make_shared<Real>(loop.impl().io);
}
Timer::~Timer() { impl_->cancel(); }
void Timer::arm(Time when, std::function<void()> fire) { impl_->arm(when, std::move(fire)); }
void Timer::cancel() { impl_->cancel(); }

}  // namespace intent::net
