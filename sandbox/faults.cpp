#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>

namespace intent::sandbox {
namespace {

using Kind = SandboxFaultKind;

constexpr std::array<std::string_view, 19> kind_names{
    "status",          "rate_limit",    "delay", "stall",     "drop_request",    "truncate",    "malformed",
    "missing_headers", "drop",          "close", "reconnect", "invalid_session", "bad_msgpack", "text_frame",
    "duplicate",       "skip_sequence", "lose",  "no_ack",    "refuse_identify"};
constexpr std::size_t max_gone = 1000;

}  // namespace

std::string_view name_of(Kind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<Kind> fault_kind(std::string_view name) noexcept {
    const auto at = std::find(kind_names.begin(), kind_names.end(), name);
    if (at == kind_names.end()) return std::nullopt;
    return static_cast<Kind>(at - kind_names.begin());
}

bool is_rest(Kind kind) noexcept { return kind <= Kind::missing_headers; }

bool strikes_now(Kind kind) noexcept { return kind >= Kind::drop && kind <= Kind::text_frame; }

bool fits(std::string_view pattern, std::string_view text) noexcept {
    // Where a later character does not fit, the last "*" takes one character more.
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

std::uint64_t Faults::add(Time now, SandboxFault fault, std::optional<UserId> user) {
    Standing standing{.id = next_++,
                      .fault = std::make_shared<const SandboxFault>(std::move(fault)),
                      .user = user,
                      .left = {},
                      .ends = {},
                      .draws = {}};
    standing.left = standing.fault->count;
    standing.draws.seed(standing.fault->seed);
    if (standing.fault->duration) standing.ends = now + *standing.fault->duration;
    faults_.push_back(std::move(standing));
    return faults_.back().id;
}

bool Faults::remove(std::uint64_t id) {
    const auto at =
        std::find_if(faults_.begin(), faults_.end(), [&](const auto& standing) { return standing.id == id; });
    if (at == faults_.end()) return false;
    retire(*at);
    faults_.erase(at);
    return true;
}

void Faults::clear() {
    for (const auto& standing : faults_)
        retire(standing);
    faults_.clear();
}

void Faults::retire(const Standing& standing) {
    if (gone_.size() == max_gone) gone_.pop_front();
    gone_.emplace_back(standing.id, standing.hits);
}

void Faults::forget_old(Time now) {
    std::erase_if(faults_, [&](const auto& standing) {
        const bool over = (standing.ends && *standing.ends <= now) || standing.left == 0;
        if (over) retire(standing);
        return over;
    });
}

bool Faults::meets(const Standing& standing, const Chance& chance) {
    const SandboxFault& fault = *standing.fault;
    if (standing.user && standing.user != chance.user) return false;
    if (fault.session && *fault.session != chance.session) return false;
    switch (chance.kind) {
        case Chance::Kind::request:
            // A browser asks before some requests, unseen by the page: that must not use up what is meant for them.
            if (chance.method == "OPTIONS" && fault.method != "OPTIONS") return false;
            return is_rest(fault.kind) && (!fault.method || fits(*fault.method, chance.method)) &&
                   (!fault.path || fits(*fault.path, chance.path));
        case Chance::Kind::event:
            if (fault.kind < Kind::drop || fault.kind > Kind::lose) return false;
            return fault.event ? fits(*fault.event, chance.event) : !strikes_now(fault.kind);
        case Chance::Kind::own_event:
            return fault.kind >= Kind::drop && fault.kind <= Kind::lose && fault.event == chance.event;
        case Chance::Kind::ready:
            return strikes_now(fault.kind) && !fault.event;
        case Chance::Kind::heartbeat:
            return fault.kind == Kind::no_ack;
        case Chance::Kind::identify:
            return fault.kind == Kind::refuse_identify;
    }
    return false;
}

bool Faults::draw(Standing& standing) {
    if (standing.fault->probability >= 1) return true;
    constexpr double step = 1.0 / 9007199254740992.0;  // 2^-53: all that a double holds between 0 and 1
    return static_cast<double>(standing.draws() >> 11) * step < standing.fault->probability;
}

std::optional<Faults::Strike> Faults::strike(Time now, const Chance& chance) {
    if (faults_.empty()) return std::nullopt;
    forget_old(now);
    for (auto& standing : faults_) {
        if (!meets(standing, chance) || !draw(standing)) continue;
        ++standing.hits;
        const Strike strike{standing.id, standing.fault};
        if (standing.left && --*standing.left == 0) remove(standing.id);
        return strike;
    }
    return std::nullopt;
}

std::vector<std::size_t> Faults::strike_now(Time now, std::uint64_t id, std::span<const Chance> chances) {
    std::vector<std::size_t> struck;
    forget_old(now);
    const auto at =
        std::find_if(faults_.begin(), faults_.end(), [&](const auto& standing) { return standing.id == id; });
    if (at == faults_.end()) return struck;
    for (std::size_t i = 0; i < chances.size(); ++i)
        if (meets(*at, chances[i]) && draw(*at)) struck.push_back(i);
    at->hits += struck.size();
    if (!struck.empty() && at->left && --*at->left == 0) remove(id);
    return struck;
}

Faults::View Faults::view(const Standing& standing, Time now) {
    View view{
        .id = standing.id, .fault = standing.fault, .hits = standing.hits, .left = standing.left, .remaining = {}};
    if (standing.ends) view.remaining = std::chrono::ceil<std::chrono::milliseconds>(*standing.ends - now);
    return view;
}

std::vector<Faults::View> Faults::list(Time now) {
    forget_old(now);
    std::vector<View> views;
    for (const auto& standing : faults_)
        views.push_back(view(standing, now));
    return views;
}

std::optional<Faults::View> Faults::find(Time now, std::uint64_t id) {
    for (const auto& standing : faults_)
        if (standing.id == id) return view(standing, now);
    return std::nullopt;
}

std::optional<std::size_t> Faults::hits(std::uint64_t id) const {
    for (const auto& standing : faults_)
        if (standing.id == id) return standing.hits;
    for (const auto& [gone, hits] : gone_)
        if (gone == id) return hits;
    return std::nullopt;
}

}  // namespace intent::sandbox
