#include "sandbox/faults/fault_json.hpp"

#include "sandbox/base/problem.hpp"

#include <cmath>
#include <limits>

namespace intent::sandbox {
namespace {

namespace json = boost::json;
using Kind = SandboxFaultKind;
using std::chrono::milliseconds;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t many = 1'000'000'000;

Kind read_kind(ControlFields& fields) {
    const std::string name = fields.required_text("kind");
    if (const auto kind = fault_kind(name)) return *kind;
    std::string known;
    for (int kind = 0; kind <= static_cast<int>(Kind::refuse_identify); ++kind)
        known += (known.empty() ? "" : ", ") + std::string(name_of(static_cast<Kind>(kind)));
    throw invalid("kind", "unknown; there are " + known);
}

void read_match(SandboxFault& fault, ControlFields& fields) {
    auto match = fields.object("match");
    if (!match) return;
    fault.method = match->text("method");
    fault.path = match->text("path");
    fault.event = match->text("event");
    fault.user = match->text("user");
    if (const auto session = match->integer("session", 1, std::numeric_limits<std::int64_t>::max()))
        fault.session = static_cast<std::uint64_t>(*session);
    match->finish();
}

void read_own(SandboxFault& fault, ControlFields& fields) {
    switch (fault.kind) {
        case Kind::status:
            fault.status = static_cast<int>(fields.required_integer("status", 400, 599));
            fault.body = fields.text("body");
            fault.content_type = fields.text("content_type");
            break;
        case Kind::rate_limit: {
            const std::string scope = fields.text("scope").value_or("route");
            if (scope != "route" && scope != "global") throw invalid("scope", "\"route\" or \"global\" allowed");
            fault.global = scope == "global";
            if (const auto seconds = fields.number("retry_after", 0, 86'400))
                fault.wait = milliseconds(static_cast<std::int64_t>(std::ceil(*seconds * 1000)));
            break;
        }
        case Kind::delay:
            fault.wait = milliseconds(fields.required_integer("delay_ms", 0, day_ms));
            break;
        case Kind::drop_request: {
            const std::string after = fields.text("after").value_or("before");
            if (after != "before" && after != "after") throw invalid("after", "\"before\" or \"after\" allowed");
            fault.after = after == "after";
            break;
        }
        case Kind::truncate:
            if (const auto bytes = fields.integer("bytes", 0, many)) fault.bytes = static_cast<std::size_t>(*bytes);
            break;
        case Kind::close:
            fault.code = static_cast<std::uint16_t>(fields.required_integer("code", 1000, 4999));
            fault.reason = fields.text("reason").value_or("");
            break;
        case Kind::refuse_identify:
            fault.code = static_cast<std::uint16_t>(fields.integer("code", 1000, 4999).value_or(4004));
            break;
        case Kind::invalid_session:
            fault.resumable = fields.boolean("resumable").value_or(false);
            break;
        case Kind::skip_sequence:
            fault.by = static_cast<unsigned>(fields.integer("by", 1, 1'000'000).value_or(1));
            break;
        default:
            break;
    }
}

template <class T>
void add_if(json::object& out, const char* name, const std::optional<T>& value) {
    if (value) out[name] = *value;
}

void add_own(json::object& out, const SandboxFault& fault) {
    switch (fault.kind) {
        case Kind::status:
            out["status"] = fault.status;
            add_if(out, "body", fault.body);
            add_if(out, "content_type", fault.content_type);
            break;
        case Kind::rate_limit:
            out["scope"] = fault.global ? "global" : "route";
            out["retry_after"] = static_cast<double>(fault.wait.count()) / 1000;
            break;
        case Kind::delay:
            out["delay_ms"] = fault.wait.count();
            break;
        case Kind::drop_request:
            out["after"] = fault.after ? "after" : "before";
            break;
        case Kind::truncate:
            add_if(out, "bytes", fault.bytes);
            break;
        case Kind::close:
            out["code"] = fault.code;
            out["reason"] = fault.reason;
            break;
        case Kind::refuse_identify:
            out["code"] = fault.code;
            break;
        case Kind::invalid_session:
            out["resumable"] = fault.resumable;
            break;
        case Kind::skip_sequence:
            out["by"] = fault.by;
            break;
        default:
            break;
    }
}

}  // namespace

SandboxFault read_fault(ControlFields& fields) {
    SandboxFault fault{.kind = read_kind(fields)};
    read_match(fault, fields);
    if (const auto count = fields.integer("count", 1, many)) fault.count = static_cast<std::size_t>(*count);
    if (fields.is_null("count")) fault.count.reset();
    fault.probability = fields.number("probability", 0, 1).value_or(1);
    if (const auto seed = fields.integer("seed", 0, std::numeric_limits<std::int64_t>::max()))
        fault.seed = static_cast<std::uint64_t>(*seed);
    if (const auto duration = fields.integer("duration_ms", 1, day_ms)) fault.duration = milliseconds(*duration);
    read_own(fault, fields);
    fields.finish();
    check(fault);
    return fault;
}

json::object fault_json(const Faults::View& view) {
    const SandboxFault& fault = *view.fault;
    json::object match;
    add_if(match, "method", fault.method);
    add_if(match, "path", fault.path);
    add_if(match, "event", fault.event);
    add_if(match, "user", fault.user);
    add_if(match, "session", fault.session);
    json::object out{{"id", view.id},
                     {"kind", json::string_view(name_of(fault.kind).data(), name_of(fault.kind).size())},
                     {"match", std::move(match)},
                     {"count", fault.count ? json::value(*fault.count) : json::value()},
                     {"probability", fault.probability},
                     {"seed", fault.seed},
                     {"duration_ms", fault.duration ? json::value(fault.duration->count()) : json::value()},
                     {"hits", view.hits},
                     {"remaining_ms", view.remaining ? json::value(view.remaining->count()) : json::value()}};
    add_own(out, fault);
    return out;
}

}  // namespace intent::sandbox
