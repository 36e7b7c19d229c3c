// `intent sandbox fault …`: what shall go wrong in a running sandbox.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/table.hpp"

#include <memory>

namespace tool {

namespace {

namespace json = boost::json;

enum class Type { text, integer, number, time, mark };

/// A field of a fault, and the flag that sets it.
struct Field {
    const char* flag;
    const char* name;
    Type type;
    const char* type_name;
    const char* help;
    bool required = false;
    const char* if_given = "";  ///< of a mark: the JSON value
};

enum class Side { rest, events, session, identify };

struct Kind {
    const char* name;
    Side side;
    const char* help;
    std::vector<Field> fields = {};
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = {
        {"status",
         Side::rest,
         "Answers with a status",
         {{"--status", "status", Type::integer, "N", "400-599", true},
          {"--body", "body", Type::text, "TEXT", "In place of an error body"},
          {"--content-type", "content_type", Type::text, "TYPE", "Of that body"}}},
        {"rate_limit",
         Side::rest,
         "Answers with 429",
         {{"--scope", "scope", Type::text, "route|global", "What is held up (route)"},
          {"--retry-after", "retry_after", Type::number, "SECONDS", "As the answer says (1)"}}},
        {"delay",
         Side::rest,
         "Answers late",
         {{"--delay", "delay_ms", Type::time, "TIME", "How late, e.g. 250ms", true}}},
        {"stall", Side::rest, "Never answers; the connection stays open"},
        {"drop_request",
         Side::rest,
         "Cuts the connection without an answer",
         {{"--after", "after", Type::mark, "", "After the request was carried out, not before", false, "\"after\""}}},
        {"truncate",
         Side::rest,
         "Cuts the connection within the body",
         {{"--bytes", "bytes", Type::integer, "N", "Of the body that are sent (half)"}}},
        {"malformed", Side::rest, "Answers with a body that is no JSON"},
        {"missing_headers", Side::rest, "Leaves the rate-limit headers out"},
        {"drop", Side::events, "Cuts gateway connections"},
        {"close",
         Side::events,
         "Closes gateway connections",
         {{"--code", "code", Type::integer, "N", "1000-4999", true},
          {"--reason", "reason", Type::text, "TEXT", "In the close frame"}}},
        {"reconnect", Side::events, "Asks for a reconnect (op 6)"},
        {"invalid_session",
         Side::events,
         "Ends the session (op 8)",
         {{"--resumable", "resumable", Type::mark, "", "It can still be resumed", false, "true"}}},
        {"bad_msgpack", Side::events, "Sends a frame that is no MessagePack"},
        {"text_frame", Side::events, "Sends a text frame"},
        {"duplicate", Side::events, "Sends a dispatch twice"},
        {"skip_sequence", Side::events, "Skips sequence numbers", {{"--by", "by", Type::integer, "N", "How many (1)"}}},
        {"lose", Side::events, "Does not send a dispatch; a Resume brings it"},
        {"no_ack", Side::session, "Leaves heartbeats without an ACK"},
        {"refuse_identify",
         Side::identify,
         "Answers Identify and Resume by a close",
         {{"--code", "code", Type::integer, "N", "1000-4999 (4004)"}}},
    };
    return all;
}

const std::vector<Field>& matches(Side side) {
    static const std::vector<Field> rest = {
        {"--method", "method", Type::text, "METHOD", "Only requests of this method"},
        {"--path", "path", Type::text, "PATH", "Only this path below the base; * stands for anything"},
        {"--user", "user", Type::text, "USER", "Only requests of this user"}};
    static const std::vector<Field> events = {
        {"--event", "event", Type::text, "EVENT", "Only at events of this name; * stands for anything"},
        {"--session", "session", Type::integer, "ID", "Only this session (intent sandbox sessions)"},
        {"--user", "user", Type::text, "USER", "Only sessions of this user"}};
    static const std::vector<Field> session = {events[1], events[2]};
    static const std::vector<Field> identify = {events[2]};
    switch (side) {
        case Side::rest:
            return rest;
        case Side::events:
            return events;
        case Side::session:
            return session;
        case Side::identify:
            break;
    }
    return identify;
}

const std::vector<Field>& bounds() {
    static const std::vector<Field> all = {
        {"--count", "count", Type::integer, "N", "Times it strikes before it is gone (1)"},
        {"--forever", "count", Type::mark, "", "Strikes until it is removed", false, "null"},
        {"--probability", "probability", Type::number, "P", "0-1, drawn each time (1)"},
        {"--seed", "seed", Type::integer, "N", "Of the draws, to repeat a run (1)"},
        {"--for", "duration_ms", Type::time, "TIME", "Gone after this time, e.g. 30s"}};
    return all;
}

/// A flag's value as the command line has it; of a mark, whether it stands there.
struct Given {
    const Field* field;
    std::string text = {};
    bool marked = false;
    CLI::Option* option = nullptr;
};

json::value value_of(const Given& given) {
    const Field& field = *given.field;
    switch (field.type) {
        case Type::text:
            return json::value(given.text);
        case Type::time:
            return duration_of(field.flag, given.text).count();
        case Type::mark:
            return json::parse(field.if_given);
        default:
            break;
    }
    auto number = parsed_json(given.text);
    const bool whole = number && (number->is_int64() || number->is_uint64());
    if (!number || !number->is_number() || (field.type == Type::integer && !whole)) {
        throw WrongUsage(std::string(field.flag) + " " + given.text + ": a " +
                         (field.type == Type::integer ? "whole " : "") + "number is wanted");
    }
    return *std::move(number);
}

/// The flags of one command that adds a fault.
class NewFault {
public:
    NewFault(const Kind& kind, CLI::App& command) : kind_(kind), command_(command) {
        add_address_flag(command, address_);
        take(kind.fields, fields_, "");
        take(matches(kind.side), matches_, "What it meets");
        take(bounds(), bounds_, "How long");
        bounds_[1]->option->excludes(bounds_[0]->option);
    }

    int run() {
        json::object fault{{"kind", kind_.name}};
        put(fields_, fault);
        put(bounds_, fault);
        json::object match;
        put(matches_, match);
        if (!match.empty()) fault["match"] = match;
        Control control(address_);
        return print_json(json::serialize(control.post("/faults", fault))) ? done : failed;
    }

private:
    using Flags = std::vector<std::unique_ptr<Given>>;

    void take(const std::vector<Field>& fields, Flags& flags, const std::string& group) {
        for (const Field& field : fields) {
            auto given = std::make_unique<Given>(Given{.field = &field});
            if (field.type == Type::mark) {
                given->option = command_.add_flag(field.flag, given->marked, field.help);
            } else {
                given->option = command_.add_option(field.flag, given->text, field.help)->type_name(field.type_name);
            }
            if (field.required) given->option->required();
            if (!group.empty()) given->option->group(group);
            flags.push_back(std::move(given));
        }
    }

    static void put(const Flags& flags, json::object& object) {
        for (const auto& given : flags)
            if (given->option->count() > 0) object[given->field->name] = value_of(*given);
    }

    const Kind& kind_;
    CLI::App& command_;
    SandboxAddress address_;
    Flags fields_;
    Flags matches_;
    Flags bounds_;
};

void add_kinds(CLI::App& parent, std::vector<Command>& commands) {
    for (const Kind& kind : kinds()) {
        const std::string name = kind.name;
        auto* command = parent.add_subcommand(name, kind.help);
        std::string with_hyphen = name;
        std::ranges::replace(with_hyphen, '_', '-');
        if (with_hyphen != name) command->alias(with_hyphen);
        const auto fault = std::make_shared<NewFault>(kind, *command);
        commands.push_back({command, [fault] { return fault->run(); }});
    }
}

struct List {
    SandboxAddress address = {};
    bool json = false;

    int run() const {
        Control control(address);
        const auto answer = control.get("/faults");
        if (json) return print_json(json::serialize(answer)) ? done : failed;
        std::vector<Row> rows{{"ID", "KIND", "HITS", "COUNT", "MATCH", "LEFT"}};
        for (const auto& fault : list_at(answer, "faults")) {
            const auto& left = at(fault, "remaining_ms");
            std::string met;
            if (const auto* match = at(fault, "match").if_object()) {
                for (const auto& [name, value] : *match)
                    if (!value.is_null())
                        met += std::string(met.empty() ? "" : " ") + std::string(name) + "=" + cell(value);
            }
            rows.push_back({cell(at(fault, "id")), cell(at(fault, "kind")), cell(at(fault, "hits")),
                            at(fault, "count").is_null() ? "forever" : cell(at(fault, "count")),
                            met.empty() ? "anything" : met, left.is_null() ? "-" : cell(left) + " ms"});
        }
        return print_table(rows) ? done : failed;
    }
};

struct Remove {
    SandboxAddress address = {};
    std::vector<std::string> ids = {};
    bool all = false;

    int run() const {
        if (all == !ids.empty()) throw WrongUsage("fault remove: an ID, or --all, is wanted");
        Control control(address);
        if (all) control.remove("/faults");
        for (const auto& id : ids)
            control.remove("/faults/" + percent_encoded(id));
        return done;
    }
};

}  // namespace

std::vector<Command> add_faults(CLI::App& sandbox) {
    std::vector<Command> commands;
    auto* fault = sandbox.add_subcommand("fault", "Faults of a running sandbox: add, list, remove");
    fault->require_subcommand(1);

    auto* list_command = fault->add_subcommand("list", "What goes wrong at present");
    const auto list = std::make_shared<List>();
    add_address_flag(*list_command, list->address);
    list_command->add_flag("--json", list->json, "As one JSON line");
    commands.push_back({list_command, [list] { return list->run(); }});

    auto* remove_command = fault->add_subcommand("remove", "Ends faults");
    const auto remove = std::make_shared<Remove>();
    add_address_flag(*remove_command, remove->address);
    remove_command->add_option("id", remove->ids, "As `fault list` names it")->type_name("ID");
    remove_command->add_flag("--all", remove->all, "All of them");
    commands.push_back({remove_command, [remove] { return remove->run(); }});

    auto* add = fault->add_subcommand("add", "The same as `fault KIND`");
    add->require_subcommand(1);
    add_kinds(*add, commands);
    add_kinds(*fault, commands);
    return commands;
}

}  // namespace tool
