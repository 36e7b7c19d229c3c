// The table of the faults that a sandbox can inject: their kinds, what each applies to, and the parameters it takes.
// The control API, the tool and the page read it; docs/sandbox-control.md describes the effects.
#pragma once

#include <intent/sandbox/fault.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace intent::inline v0::sandbox {

/// What a fault applies to, and so when.
enum class FaultClass : std::uint8_t {
    request,     ///< the next request of the REST API that matches
    event,       ///< the next dispatch that matches
    connection,  ///< every matching session at once; with `match.event`, the next dispatch that matches
    heartbeat,   ///< the next heartbeat
    identify,    ///< the next Identify or Resume
};

/// What a parameter takes.
enum class FaultParameterType : std::uint8_t {
    integer,       ///< a whole number
    close_code,    ///< an integer: a WebSocket close code that may be sent
    milliseconds,  ///< an integer; a command line takes "250ms" or "30s"
    number,        ///< a number, also with a fraction
    text,          ///< `min` and `max` are sizes in bytes; a `max` of 0: unlimited
    boolean,       ///< true or false
    choice,        ///< one of `choices`; of two choices, the second is `true` in C++
};

/// The member of Fault that holds a parameter.
using FaultMember =
    std::variant<bool Fault::*, int Fault::*, unsigned Fault::*, std::uint16_t Fault::*, std::uint64_t Fault::*,
                 double Fault::*, std::string Fault::*, std::chrono::milliseconds Fault::*,
                 std::optional<std::string> Fault::*, std::optional<std::uint64_t> Fault::*,
                 std::optional<std::chrono::milliseconds> Fault::*>;

/// The upper end of a range that has none.
inline constexpr std::int64_t fault_unlimited = std::numeric_limits<std::int64_t>::max();

/// One field of a fault in the control API. A number in seconds is held in a member in milliseconds.
struct FaultParameter {
    std::string_view name = {};                          ///< in JSON; empty: the row has no further parameter
    FaultParameterType type = FaultParameterType::text;  ///< what it takes
    std::string_view label = {};                         ///< in a form
    std::string_view help = {};                          ///< what it is for
    FaultMember member = &Fault::status;                 ///< where it is kept
    bool required = false;                               ///< a fault without it is refused
    std::int64_t min = 0;                                ///< in `unit`
    std::int64_t max = 0;                                ///< in `unit`
    std::string_view unit = {};                          ///< of the number; empty: none
    std::string_view default_value = {};                 ///< empty: unset
    std::string_view example = {};                       ///< a typical value of a required parameter
    std::array<std::string_view, 2> choices = {};        ///< of a `choice`
};

/// A row of `fault_classes`.
struct FaultClassInfo {
    FaultClass value;                       ///< the class
    std::string_view name;                  ///< in the control API
    std::string_view applies_to;            ///< when its faults apply
    std::array<std::string_view, 3> match;  ///< names in `fault_match`
};

/// A row of the table of kinds.
struct FaultKindInfo {
    FaultKind value;                                ///< the kind
    std::string_view name;                          ///< in the control API
    FaultClass fault_class;                         ///< what it applies to
    std::string_view help;                          ///< what goes wrong
    std::array<FaultParameter, 3> parameters = {};  ///< what can be set; unused rows have no name
};

/// In the order of FaultClass.
inline constexpr auto fault_classes = std::to_array<FaultClassInfo>({
    {FaultClass::request, "request", "the next request that matches", {"method", "path", "user"}},
    {FaultClass::event, "event", "the next event that matches", {"event", "session", "user"}},
    {FaultClass::connection,
     "connection",
     "every matching session at once; with an event, the next one that matches",
     {"event", "session", "user"}},
    {FaultClass::heartbeat, "heartbeat", "the next heartbeat of a matching session", {"session", "user"}},
    {FaultClass::identify, "identify", "the next Identify or Resume of a matching user", {"user"}},
});

/// What a fault can be limited to; the class of its kind lists which of them it takes.
inline constexpr auto fault_match = std::to_array<FaultParameter>({
    {.name = "method",
     .label = "Method",
     .help = "Match only requests with this method",
     .member = &Fault::method,
     .min = 1,
     .max = 1000},
    {.name = "path",
     .label = "Path (* matches anything)",
     .help = "Match only this path below the base; * matches any text",
     .member = &Fault::path,
     .min = 1,
     .max = 1000},
    {.name = "event",
     .label = "Event",
     .help = "Match only events of this name; * matches any text",
     .member = &Fault::event,
     .min = 1,
     .max = 1000},
    {.name = "session",
     .type = FaultParameterType::integer,
     .label = "Session",
     .help = "Match only the session of this number",
     .member = &Fault::session,
     .min = 1,
     .max = fault_unlimited},
    {.name = "user", .label = "User", .help = "Match only this user", .member = &Fault::user},
});

/// What every kind takes.
inline constexpr auto fault_options = std::to_array<FaultParameter>({
    {.name = "count",
     .type = FaultParameterType::integer,
     .label = "Count (empty: unlimited)",
     .help = "Remove the fault after it has applied this often",
     .member = &Fault::count,
     .min = 1,
     .max = 1'000'000'000,
     .default_value = "1"},
    {.name = "probability",
     .type = FaultParameterType::number,
     .label = "Probability",
     .help = "Probability that the fault applies to a match",
     .member = &Fault::probability,
     .min = 0,
     .max = 1,
     .default_value = "1"},
    {.name = "seed",
     .type = FaultParameterType::integer,
     .label = "Seed",
     .help = "Seed of the random draws, to repeat a run",
     .member = &Fault::seed,
     .max = fault_unlimited,
     .default_value = "1"},
    {.name = "duration_ms",
     .type = FaultParameterType::milliseconds,
     .label = "Remove after",
     .help = "Remove the fault after this time",
     .member = &Fault::duration,
     .min = 1,
     .max = 86'400'000,
     .unit = "ms"},
});

/// In the order of FaultKind. A new kind needs a row here, its effect (sandbox/host/host_http.cpp for requests,
/// sandbox/gateway/gateway_faults.cpp for the gateway), a function in the namespace `fault`, and a test of the effect.
inline constexpr auto fault_kinds = std::to_array<FaultKindInfo>({
    {FaultKind::status,
     "status",
     FaultClass::request,
     "Answer with an error status",
     {{{.name = "status",
        .type = FaultParameterType::integer,
        .label = "Status",
        .help = "Status of the answer",
        .member = &Fault::status,
        .required = true,
        .min = 400,
        .max = 599,
        .example = "503"},
       {.name = "body",
        .label = "Body",
        .help = "Body of the answer, instead of an error body",
        .member = &Fault::body},
       {.name = "content_type",
        .label = "Content type",
        .help = "Content type of the body",
        .member = &Fault::content_type}}}},
    {FaultKind::rate_limit,
     "rate_limit",
     FaultClass::request,
     "Answer with status 429",
     {{{.name = "scope",
        .type = FaultParameterType::choice,
        .label = "Scope",
        .help = "Which requests the answer limits",
        .member = &Fault::global,
        .default_value = "route",
        .choices = {"route", "global"}},
       {.name = "retry_after",
        .type = FaultParameterType::number,
        .label = "Retry after",
        .help = "How long the client must wait",
        .member = &Fault::wait,
        .max = 86'400,
        .unit = "s",
        .default_value = "1"}}}},
    {FaultKind::delay,
     "delay",
     FaultClass::request,
     "Delay the answer",
     {{{.name = "delay_ms",
        .type = FaultParameterType::milliseconds,
        .label = "Delay",
        .help = "How long",
        .member = &Fault::wait,
        .required = true,
        .max = 86'400'000,
        .unit = "ms",
        .example = "2000"}}}},
    {FaultKind::stall, "stall", FaultClass::request, "Never answer; the connection stays open"},
    {FaultKind::drop_request,
     "drop_request",
     FaultClass::request,
     "Close the connection without an answer",
     {{{.name = "after",
        .type = FaultParameterType::choice,
        .label = "When",
        .help = "Before or after the request is carried out",
        .member = &Fault::after,
        .default_value = "before",
        .choices = {"before", "after"}}}}},
    {FaultKind::truncate,
     "truncate",
     FaultClass::request,
     "Close the connection within the body",
     {{{.name = "bytes",
        .type = FaultParameterType::integer,
        .label = "Length",
        .help = "Bytes of the body to send, instead of half of it",
        .member = &Fault::bytes,
        .max = 1'000'000'000,
        .unit = "bytes"}}}},
    {FaultKind::malformed, "malformed", FaultClass::request, "Answer with a body that is not JSON"},
    {FaultKind::missing_headers, "missing_headers", FaultClass::request, "Omit the rate limit headers"},
    {FaultKind::drop, "drop", FaultClass::connection, "Drop the connection"},
    {FaultKind::close,
     "close",
     FaultClass::connection,
     "Close the connection with a code",
     {{{.name = "code",
        .type = FaultParameterType::close_code,
        .label = "Code",
        .help = "Close code",
        .member = &Fault::code,
        .required = true,
        .min = 1000,
        .max = 4999,
        .example = "4000"},
       {.name = "reason",
        .label = "Reason",
        .help = "Reason in the close frame",
        .member = &Fault::reason,
        .max = 123}}}},
    {FaultKind::reconnect, "reconnect", FaultClass::connection, "Request a reconnect (op 6)"},
    {FaultKind::invalid_session,
     "invalid_session",
     FaultClass::connection,
     "Invalidate the session (op 8)",
     {{{.name = "resumable",
        .type = FaultParameterType::boolean,
        .label = "Resumable",
        .help = "Let the session be resumed",
        .member = &Fault::resumable,
        .default_value = "false"}}}},
    {FaultKind::bad_msgpack, "bad_msgpack", FaultClass::connection, "Send a frame of invalid MessagePack"},
    {FaultKind::text_frame, "text_frame", FaultClass::connection, "Send a text frame"},
    {FaultKind::unknown_op, "unknown_op", FaultClass::connection, "Send a frame with an unknown opcode"},
    {FaultKind::duplicate, "duplicate", FaultClass::event, "Send an event twice"},
    {FaultKind::skip_sequence,
     "skip_sequence",
     FaultClass::event,
     "Skip sequence numbers",
     {{{.name = "by",
        .type = FaultParameterType::integer,
        .label = "Numbers",
        .help = "How many numbers to skip",
        .member = &Fault::by,
        .min = 1,
        .max = 1'000'000,
        .default_value = "1"}}}},
    {FaultKind::lose, "lose", FaultClass::event, "Do not send an event; a Resume replays it"},
    {FaultKind::no_ack, "no_ack", FaultClass::heartbeat, "Do not acknowledge a heartbeat"},
    {FaultKind::refuse_identify,
     "refuse_identify",
     FaultClass::identify,
     "Answer Identify and Resume with a close",
     {{{.name = "code",
        .type = FaultParameterType::close_code,
        .label = "Code",
        .help = "Close code",
        .member = &Fault::code,
        .min = 1000,
        .max = 4999,
        .default_value = "4004"}}}},
});

/// Errors: std::out_of_range for a value that is not an enumerator.
constexpr const FaultKindInfo& fault_info(FaultKind kind) { return fault_kinds.at(static_cast<std::size_t>(kind)); }
constexpr const FaultClassInfo& fault_info(FaultClass value) {
    return fault_classes.at(static_cast<std::size_t>(value));
}

/// The parameters of a kind, without the empty rest of the row.
constexpr std::span<const FaultParameter> parameters_of(const FaultKindInfo& kind) {
    std::size_t count = 0;
    while (count < kind.parameters.size() && !kind.parameters[count].name.empty())
        ++count;
    return {kind.parameters.data(), count};
}

/// True if a fault of this class can be limited to `name`, one of `fault_match`.
constexpr bool takes_match(const FaultClassInfo& info, std::string_view name) {
    for (const auto one : info.match)
        if (one == name) return true;
    return false;
}

/// True if each row stands at the place of its enumerator.
template <class Rows>
constexpr bool fault_rows_in_order(const Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(fault_rows_in_order(fault_kinds) && fault_rows_in_order(fault_classes));

}  // namespace intent::sandbox
