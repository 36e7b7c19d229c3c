#include "tools/intent/process/supervisor.hpp"

#include <algorithm>
#include <utility>

namespace tool {

void Supervisor::on_begin(Actions& actions) {
    state_ = State::starting;
    actions.push_back(Start{});
}

void Supervisor::on_started() { state_ = State::running; }

void Supervisor::on_not_started(Time now, Why why) {
    state_ = State::waiting;
    if (why == Why::busy) retry_ = now + retry_time;
}

void Supervisor::on_ended(Actions& actions) {
    const bool by_itself = state_ == State::running;
    state_ = State::waiting;
    kill_.reset();
    if (finishing_) {
        actions.push_back(Finish{});
    } else if (std::exchange(again_, false)) {
        on_begin(actions);
    } else if (by_itself) {
        actions.push_back(ReportEnd{});
    }
}

// The events are those of whole folders, in which other programs may write all the time.
void Supervisor::on_file_event(Time now) {
    if (!settle_) first_event_ = now;
    settle_ = std::min<Time>(now + settle_time, first_event_ + settle_limit);
}

void Supervisor::on_changed(Time now, Actions& actions) {
    if (finishing_) return;
    retry_.reset();
    if (state_ == State::waiting) return on_begin(actions);
    again_ = true;
    if (state_ != State::running) return;
    state_ = State::ending;
    kill_ = now + grace_time;
    actions.push_back(Ask{});
}

void Supervisor::on_stop(Time now, Actions& actions) {
    settle_.reset();
    retry_.reset();
    if (state_ == State::waiting) {
        finishing_ = true;
        actions.push_back(Finish{});
        return;
    }
    if (std::exchange(finishing_, true)) {
        actions.push_back(Kill{});
        return;
    }
    if (state_ == State::ending) return;  // SIGTERM was sent already
    state_ = State::ending;
    kill_ = now + grace_time;
    actions.push_back(Ask{});
}

void Supervisor::on_time(Time now, Actions& actions) {
    const auto due = [now](std::optional<Time>& time) {
        if (!time || *time > now) return false;
        time.reset();
        return true;
    };
    if (due(kill_)) actions.push_back(Kill{});
    if (due(settle_)) actions.push_back(Compare{});
    if (due(retry_) && state_ == State::waiting) on_begin(actions);
}

std::optional<Supervisor::Time> Supervisor::next_wake() const {
    std::optional<Time> earliest;
    for (const auto& time : {settle_, kill_, retry_})
        if (time && (!earliest || *time < *earliest)) earliest = time;
    return earliest;
}

}  // namespace tool
