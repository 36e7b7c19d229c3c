#include "client/resume/progress.hpp"

#include <algorithm>
#include <iterator>

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

namespace {

/// Adds a span that begins behind all others; an empty one if `last` is below `first`.
void add_span(std::vector<SeqSpan>& spans, std::uint64_t first, std::uint64_t last) {
    if (last < first) return;
    if (!spans.empty() && spans.back().last + 1 == first)
        spans.back().last = last;
    else
        spans.push_back({first, last});
}

}  // namespace

void Progress::restore(Position position) {
    const std::lock_guard lock(mutex_);
    restored_.assign(position.handled.begin(), position.handled.end());
    last_ = Mark{std::make_shared<std::string>(std::move(position.session_id)), position.seq, position.time};
}

Progress::PendingRef Progress::begin(std::string session_id, Timestamp complete_until) {
    const std::lock_guard lock(mutex_);
    Mark before = std::exchange(last_, Mark{std::make_shared<std::string>(std::move(session_id)), 0, complete_until});
    restored_.clear();
    if (before.session) return hold(std::move(before), 0);
    notify();
    return nullptr;
}

void Progress::rename(const std::string& session_id) {
    const std::lock_guard lock(mutex_);
    if (!last_.session || *last_.session == session_id) return;
    *last_.session = session_id;
    notify();
}

bool Progress::handled_before(std::uint64_t seq) {
    if (restored_.empty()) return false;
    const std::lock_guard lock(mutex_);
    while (!restored_.empty() && restored_.front().last < seq)
        restored_.pop_front();
    if (restored_.empty() || restored_.front().first > seq) return false;
    last_.seq = seq;
    pass(seq);
    notify();
    return true;
}

/// Removes the numbers up to `seq` from `restored_`.
void Progress::pass(std::uint64_t seq) {
    while (!restored_.empty() && restored_.front().last <= seq)
        restored_.pop_front();
    if (!restored_.empty()) restored_.front().first = std::max(restored_.front().first, seq + 1);
}

Progress::PendingRef Progress::accept(std::optional<std::uint64_t> seq, Timestamp complete_until) {
    if (!seq) return nullptr;
    const std::lock_guard lock(mutex_);
    if (!last_.session) return nullptr;
    Mark before = last_;
    last_.seq = *seq;
    last_.time = std::max(last_.time, complete_until);
    pass(*seq);
    return hold(std::move(before), *seq);
}

void Progress::alive(Timestamp complete_until) {
    const std::lock_guard lock(mutex_);
    last_.time = std::max(last_.time, complete_until);
}

Progress::PendingRef Progress::hold(Mark before, std::uint64_t seq) {
    const auto mark = outstanding_.insert(outstanding_.end(), Outstanding{std::move(before), seq});
    return std::make_shared<Pending>(shared_from_this(), mark);
}

void Progress::done(Marks::iterator mark) {
    const std::lock_guard lock(mutex_);
    outstanding_.erase(mark);
    notify();
}

void Progress::notify() {
    ++changes_;
    if (awaited_) changed_.notify_all();
}

std::optional<Position> Progress::position() const {
    const std::lock_guard lock(mutex_);
    return position_locked();
}

std::optional<Position> Progress::position_locked() const {
    const Mark& mark = outstanding_.empty() ? last_ : outstanding_.front().before;
    if (!mark.session) return std::nullopt;
    Position position{*mark.session, mark.seq, mark.time, handled_locked()};
    if (auto& handled = position.handled; !handled.empty() && handled.front().first == position.seq + 1) {
        position.seq = handled.front().last;
        handled.erase(handled.begin());
    }
    if (position.handled.size() > max_spans) position.handled.resize(max_spans);
    return position;
}

/// What lies between the outstanding dispatches of the position's session is handled.
std::vector<SeqSpan> Progress::handled_locked() const {
    std::vector<SeqSpan> spans;
    auto session = last_.session;
    if (!outstanding_.empty()) {
        session = outstanding_.front().before.session;
        std::uint64_t behind = outstanding_.front().seq + 1;
        for (auto next = std::next(outstanding_.begin()); next != outstanding_.end(); ++next) {
            if (next->before.session != session) return spans;
            add_span(spans, behind, next->before.seq);
            behind = next->seq + 1;
        }
        if (last_.session != session) return spans;
        add_span(spans, behind, last_.seq);
    }
    for (const SeqSpan& span : restored_)
        add_span(spans, span.first, span.last);
    return spans;
}

std::optional<Position> Progress::wait_change(const std::optional<Position>& known) {
    std::unique_lock lock(mutex_);
    awaited_ = true;
    std::optional<Position> position;
    while (!ended_ && (position = position_locked()) == known)
        changed_.wait(lock, [this, seen = changes_] { return ended_ || changes_ != seen; });
    awaited_ = false;
    return ended_ ? std::nullopt : position;
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
