#include "net/transit.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace intent::net {

Transit::Transit(std::shared_ptr<VirtualClock> clock, Work kind, std::uint64_t number)
    : clock_(std::move(clock)), kind_(kind), number_(number) {}

std::shared_ptr<Transit> Transit::open(const std::shared_ptr<VirtualClock>& clock, Work kind) {
    std::shared_ptr<Transit> transit(new Transit(clock, kind, clock->next_number()));
    clock->add(transit->number_, transit);
    transit->update([&] { transit->client_.waiting = 1; });
    return transit;
}

std::shared_ptr<Transit> Transit::open_to_stranger(const std::shared_ptr<VirtualClock>& clock, Work kind) {
    std::shared_ptr<Transit> transit(new Transit(clock, kind, 0));
    transit->joined_ = transit->stranger_ = true;
    return transit;
}

std::shared_ptr<Transit> Transit::find(const std::shared_ptr<VirtualClock>& clock, std::string_view number) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (!clock || error != std::errc() || end != number.data() + number.size()) return nullptr;
    return clock->transit(value);
}

Transit::~Transit() {
    update([&] { client_.gone = server_.gone = true; });
    if (number_ != 0) clock_->remove_transit(number_);
}

std::string Transit::number() const { return std::to_string(number_); }

// Work that begins is counted under the lock, so that no other call can end it first.
template <class Change>
void Transit::update(Change change) {
    std::size_t before = 0;
    std::size_t after = 0;
    {
        const std::lock_guard lock(mutex_);
        before = client_.work() + server_.work();
        change();
        after = client_.work() + server_.work();
        if (after > before) clock_->begin(kind_, after - before);
    }
    if (after < before) clock_->end(kind_, before - after);
}

void Transit::join() {
    update([&] { joined_ = true; });
}

void Transit::sent(End by) {
    update([&] {
        if (joined_ && !opposite(by).deaf) ++opposite(by).waiting;
    });
}

void Transit::written() {
    if (stranger_) handled(End::client);
}

void Transit::handled(End at, std::size_t count) {
    update([&] { side(at).waiting -= std::min(count, side(at).waiting); });
}

void Transit::end_side(End by) noexcept {
    side(by).deaf = true;
    side(by).waiting = 0;
    if (joined_ && !stranger_) opposite(by).to_notice = true;
    if (stranger_) client_.waiting = 0;
}

void Transit::ended(End by) {
    update([&] { end_side(by); });
}

void Transit::gone(End at) {
    update([&] {
        end_side(at);
        side(at).gone = true;
    });
}

void Transit::hold(End at, bool held) {
    update([&] { side(at).held = held; });
}

}  // namespace intent::net
