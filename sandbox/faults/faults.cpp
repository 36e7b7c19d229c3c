#include "sandbox/faults/faults.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

using Kind = FaultKind;

constexpr std::size_t max_gone = 1000;

/// A fault of a connection applies to an event if it names one.
bool applies_to_events(FaultClass value) { return value == FaultClass::event || value == FaultClass::connection; }

}  // namespace

std::string_view name_of(Kind kind) { return fault_info(kind).name; }

std::optional<Kind> fault_kind(std::string_view name) noexcept {
    for (const auto& row : fault_kinds)
        if (row.name == name) return row.value;
    return std::nullopt;
}

bool applies_at_once(Kind kind) { return fault_info(kind).fault_class == FaultClass::connection; }

bool fits(std::string_view pattern, std::string_view text) noexcept {
    // Where a later character does not match, the last "*" takes one character more.
    std::size_t at = 0;
    std::size_t in_text = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (in_text < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            star_text = in_text;
        } else if (at < pattern.size() && pattern[at] == text[in_text]) {
            ++at;
            ++in_text;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in_text = ++star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::uint64_t Faults::add(Time now, Fault fault, std::optional<UserId> user) {
    ActiveFault active{.id = next_++,
                       .fault = std::make_shared<const Fault>(std::move(fault)),
                       .user = user,
                       .left = {},
                       .ends = {},
                       .draws = {}};
    active.left = active.fault->count;
    active.draws.seed(active.fault->seed);
    if (active.fault->duration) active.ends = now + *active.fault->duration;
    faults_.push_back(std::move(active));
    return faults_.back().id;
}

bool Faults::remove(std::uint64_t id) {
    const auto at = std::find_if(faults_.begin(), faults_.end(), [&](const auto& active) { return active.id == id; });
    if (at == faults_.end()) return false;
    keep_hits(*at);
    faults_.erase(at);
    return true;
}

void Faults::clear() {
    for (const auto& active : faults_)
        keep_hits(active);
    faults_.clear();
}

void Faults::keep_hits(const ActiveFault& active) {
    if (gone_.size() == max_gone) gone_.pop_front();
    gone_.emplace_back(active.id, active.hits);
}

void Faults::forget_old(Time now) {
    std::erase_if(faults_, [&](const auto& active) {
        const bool over = (active.ends && *active.ends <= now) || active.left == 0;
        if (over) keep_hits(active);
        return over;
    });
}

bool Faults::meets(const ActiveFault& active, const FaultPoint& point) {
    const Fault& fault = *active.fault;
    if (active.user && active.user != point.user) return false;
    if (fault.session && *fault.session != point.session) return false;
    const FaultClass applies_to = fault_info(fault.kind).fault_class;
    switch (point.kind) {
        case FaultPoint::Kind::request:
            // A browser sends a preflight before some requests: it must not use up what is meant for them.
            if (point.method == "OPTIONS" && fault.method != "OPTIONS") return false;
            return applies_to == FaultClass::request && (!fault.method || fits(*fault.method, point.method)) &&
                   (!fault.path || fits(*fault.path, point.path));
        case FaultPoint::Kind::event:
            if (fault.event) return applies_to_events(applies_to) && fits(*fault.event, point.event);
            return applies_to == FaultClass::event;
        case FaultPoint::Kind::own_event:
            return applies_to_events(applies_to) && fault.event == point.event;
        case FaultPoint::Kind::ready:
            return applies_to == FaultClass::connection && !fault.event;
        case FaultPoint::Kind::heartbeat:
            return applies_to == FaultClass::heartbeat;
        case FaultPoint::Kind::identify:
            return applies_to == FaultClass::identify;
    }
    return false;
}

bool Faults::draw(ActiveFault& active) {
    if (active.fault->probability >= 1) return true;
    constexpr double step = 1.0 / 9007199254740992.0;  // 2^-53: all that a double holds between 0 and 1
    return static_cast<double>(active.draws() >> 11) * step < active.fault->probability;
}

std::optional<Faults::Hit> Faults::apply(Time now, const FaultPoint& point) {
    if (faults_.empty()) return std::nullopt;
    forget_old(now);
    for (auto& active : faults_) {
        if (!meets(active, point) || !draw(active)) continue;
        ++active.hits;
        const Hit hit{active.id, active.fault};
        if (active.left && --*active.left == 0) remove(active.id);
        return hit;
    }
    return std::nullopt;
}

std::vector<std::size_t> Faults::apply_now(Time now, std::uint64_t id, std::span<const FaultPoint> points) {
    std::vector<std::size_t> indexes;
    forget_old(now);
    const auto at = std::find_if(faults_.begin(), faults_.end(), [&](const auto& active) { return active.id == id; });
    if (at == faults_.end()) return indexes;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (meets(*at, points[i]) && draw(*at)) indexes.push_back(i);
    at->hits += indexes.size();
    if (!indexes.empty() && at->left && --*at->left == 0) remove(id);
    return indexes;
}

Faults::View Faults::view(const ActiveFault& active, Time now) {
    View view{.id = active.id, .fault = active.fault, .hits = active.hits, .left = active.left, .remaining = {}};
    if (active.ends) view.remaining = std::chrono::ceil<std::chrono::milliseconds>(*active.ends - now);
    return view;
}

std::vector<Faults::View> Faults::list(Time now) {
    forget_old(now);
    std::vector<View> views;
    for (const auto& active : faults_)
        views.push_back(view(active, now));
    return views;
}

std::optional<Faults::View> Faults::find(Time now, std::uint64_t id) {
    for (const auto& active : faults_)
        if (active.id == id) return view(active, now);
    return std::nullopt;
}

std::optional<std::size_t> Faults::hits(std::uint64_t id) const {
    for (const auto& active : faults_)
        if (active.id == id) return active.hits;
    for (const auto& [gone, hits] : gone_)
        if (gone == id) return hits;
    return std::nullopt;
}

}  // namespace intent::sandbox
