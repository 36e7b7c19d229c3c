#include "client/resume/progress.hpp"

#include <algorithm>

namespace intent::client {

class Progress::Pending final : public detail::PendingDispatch {
public:
    Pending(std::shared_ptr<Progress> progress, Marks::iterator mark) : progress_(std::move(progress)), mark_(mark) {}
    ~Pending() override {
        if (!abandoned()) progress_->done(mark_);
    }

private:
    const std::shared_ptr<Progress> progress_;
    const Marks::iterator mark_;
};

void Progress::restore(Position position) {
    const std::lock_guard lock(mutex_);
    last_ = Mark{std::make_shared<std::string>(std::move(position.session_id)), position.seq, position.time};
}

Progress::PendingRef Progress::begin(std::string session_id, Timestamp complete_until) {
    const std::lock_guard lock(mutex_);
    Mark before = std::exchange(last_, Mark{std::make_shared<std::string>(std::move(session_id)), 0, complete_until});
    if (before.session) return hold(std::move(before));
    if (awaited_) changed_.notify_all();
    return nullptr;
}

void Progress::rename(const std::string& session_id) {
    const std::lock_guard lock(mutex_);
    if (!last_.session || *last_.session == session_id) return;
    *last_.session = session_id;
    if (awaited_) changed_.notify_all();
}

Progress::PendingRef Progress::accept(std::optional<std::uint64_t> seq, Timestamp complete_until) {
    if (!seq) return nullptr;
    const std::lock_guard lock(mutex_);
    if (!last_.session) return nullptr;
    Mark before = last_;
    last_.seq = *seq;
    last_.time = std::max(last_.time, complete_until);
    return hold(std::move(before));
}

void Progress::alive(Timestamp complete_until) {
    const std::lock_guard lock(mutex_);
    last_.time = std::max(last_.time, complete_until);
}

Progress::PendingRef Progress::hold(Mark before) {
    const auto mark = outstanding_.insert(outstanding_.end(), std::move(before));
    return std::make_shared<Pending>(shared_from_this(), mark);
}

void Progress::done(Marks::iterator mark) {
    const std::lock_guard lock(mutex_);
    const bool oldest = mark == outstanding_.begin();
    outstanding_.erase(mark);
    if (oldest && awaited_) changed_.notify_all();
}

std::optional<Position> Progress::position() const {
    const std::lock_guard lock(mutex_);
    return position_locked();
}

std::optional<Position> Progress::position_locked() const {
    const Mark& mark = outstanding_.empty() ? last_ : outstanding_.front();
    if (!mark.session) return std::nullopt;
    return Position{*mark.session, mark.seq, mark.time};
}

std::optional<Position> Progress::wait_change(const std::optional<Position>& known) {
    std::unique_lock lock(mutex_);
    awaited_ = true;
    changed_.wait(lock, [&] { return ended_ || position_locked() != known; });
    awaited_ = false;
    return ended_ ? std::nullopt : position_locked();
}

bool Progress::wait_end(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return ended_; });
}

void Progress::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

}  // namespace intent::client
