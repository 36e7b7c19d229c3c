#include "net/loop.hpp"

#include "net/impl/loop_impl.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
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

Loop::Loop(std::function<void(std::exception_ptr)> on_error) : impl_(std::make_unique<Impl>(std::move(on_error))) {}

Loop::Loop(std::shared_ptr<Loop> host, std::function<void(std::exception_ptr)> on_error)
    : share_(std::make_shared<Share>()) {
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

void Loop::post(std::function<void()> work) {
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
}

void Loop::stop() {
    if (share_) return end({});
    impl_->stopped = true;
    impl_->io.stop();
    if (on_thread()) return;
    std::lock_guard lock(impl_->join_mutex);
    if (impl_->thread.joinable()) impl_->thread.join();
}

struct Timer::Impl : std::enable_shared_from_this<Timer::Impl> {
    explicit Impl(boost::asio::io_context& io) : timer(io) {}

    void arm(Time when, std::function<void()> callback) {
        const auto armed = ++generation;
        fire = std::move(callback);
        timer.expires_at(when);
        timer.async_wait([self = shared_from_this(), armed](const boost::system::error_code&) {
            // An expiry queued before a cancel or a later arm still arrives; the generation identifies it.
            if (self->generation != armed) return;
            auto due = std::exchange(self->fire, nullptr);
            if (due) due();
        });
    }

    void cancel() {
        ++generation;
        fire = nullptr;
        timer.cancel();
    }

    boost::asio::steady_timer timer;
    std::uint64_t generation = 0;
    std::function<void()> fire;
};

Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(loop.impl().io)) {}
Timer::~Timer() { impl_->cancel(); }
void Timer::arm(Time when, std::function<void()> fire) { impl_->arm(when, std::move(fire)); }
void Timer::cancel() { impl_->cancel(); }

}  // namespace intent::net
