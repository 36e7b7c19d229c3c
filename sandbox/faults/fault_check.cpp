// Which fields of a fault are acceptable.
#include "sandbox/base/problem.hpp"
#include "sandbox/faults/faults.hpp"

#include <string>

namespace intent::sandbox {
namespace {

using Kind = SandboxFaultKind;
using namespace std::chrono_literals;

constexpr auto longest = 24h;
constexpr std::size_t longest_pattern = 1000;

void check_pattern(const char* name, const std::optional<std::string>& pattern) {
    if (pattern && (pattern->empty() || pattern->size() > longest_pattern))
        throw invalid(name, "1 to 1000 bytes allowed");
}

void check_match(const SandboxFault& fault) {
    check_pattern("match.method", fault.method);
    check_pattern("match.path", fault.path);
    check_pattern("match.event", fault.event);
    const std::string kind(name_of(fault.kind));
    const bool rest = is_rest(fault.kind);
    if (!rest && (fault.method || fault.path))
        throw invalid(fault.method ? "match.method" : "match.path", kind + " strikes the gateway, not requests");
    if (rest && (fault.event || fault.session))
        throw invalid(fault.event ? "match.event" : "match.session", kind + " strikes requests, not the gateway");
    if ((fault.kind == Kind::no_ack || fault.kind == Kind::refuse_identify) && fault.event)
        throw invalid("match.event", kind + " strikes no events");
    if (fault.kind == Kind::refuse_identify && fault.session)
        throw invalid("match.session", kind + " strikes before there is a session; match.user is possible");
    if (fault.path && !fault.path->starts_with('/') && !fault.path->starts_with('*'))
        throw invalid("match.path", "begins with / or *, and is told without the base: /channels/*/messages");
}

void check_close(const SandboxFault& fault) {
    const int code = fault.code;
    // These are never sent over the wire (RFC 6455 §7.4.1).
    if (code < 1000 || code > 4999 || code == 1004 || code == 1005 || code == 1006 || code == 1015)
        throw invalid("code", "1000 to 4999 allowed, but for 1004, 1005, 1006 and 1015, which are never sent");
    if (fault.reason.size() > 123) throw invalid("reason", "at most 123 bytes allowed");
}

}  // namespace

void check(const SandboxFault& fault) {
    check_match(fault);
    if (fault.count == 0) throw invalid("count", "1 or more, or null for without end");
    if (!(fault.probability >= 0 && fault.probability <= 1))
        throw invalid("probability", "expected a number from 0 to 1");
    if (fault.duration && (*fault.duration < 1ms || *fault.duration > longest))
        throw invalid("duration_ms", "1 to 86400000 allowed, or null for ever");
    switch (fault.kind) {
        case Kind::status:
            if (fault.status < 400 || fault.status > 599) throw invalid("status", "400 to 599 allowed");
            break;
        case Kind::rate_limit:
            if (fault.wait < 0ms || fault.wait > longest) throw invalid("retry_after", "0 to 86400 s allowed");
            break;
        case Kind::delay:
            if (fault.wait < 0ms || fault.wait > longest) throw invalid("delay_ms", "0 to 86400000 allowed");
            break;
        case Kind::close:
        case Kind::refuse_identify:
            check_close(fault);
            break;
        case Kind::skip_sequence:
            if (fault.by < 1 || fault.by > 1'000'000) throw invalid("by", "1 to 1000000 allowed");
            break;
        default:
            break;
    }
}

}  // namespace intent::sandbox
