// `intent sandbox fault …`: the faults of a running sandbox.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/table.hpp"

#include <intent/sandbox/fault_kinds.hpp>

#include <algorithm>
#include <cctype>
#include <memory>

namespace tool {

namespace {

namespace json = boost::json;

using intent::sandbox::FaultKindInfo;
using intent::sandbox::FaultParameter;
using Type = intent::sandbox::FaultParameterType;

/// "content_type" is `--content-type`, and "delay_ms" `--delay`.
std::string flag_of(const FaultParameter& parameter) {
    if (parameter.name == "duration_ms") return "--for";
    std::string name(parameter.name);
    if (parameter.type == Type::milliseconds && name.ends_with("_ms")) name.resize(name.size() - 3);
    std::ranges::replace(name, '_', '-');
    return "--" + name;
}

/// A choice that has the name of its field is a flag without a value: `--after`.
bool is_flag(const FaultParameter& parameter) {
    return parameter.type == Type::boolean ||
           (parameter.type == Type::choice &&
            std::ranges::find(parameter.choices, parameter.name) != parameter.choices.end());
}

/// Completion goes by it (support/command.hpp).
std::string value_name(const FaultParameter& parameter) {
    switch (parameter.type) {
        case Type::integer:
        case Type::close_code:
            return "N";
        case Type::milliseconds:
            return "TIME";
        case Type::number:
            return parameter.unit == "s" ? "SECONDS" : "P";
        case Type::choice:
            return std::string(parameter.choices[0]) + "|" + std::string(parameter.choices[1]);
        case Type::text:
        case Type::boolean:
            break;
    }
    std::string word(parameter.name.substr(parameter.name.rfind('_') + 1));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::toupper(c); });
    return word;
}

std::string help_of(const FaultParameter& parameter) {
    std::string more;
    if (parameter.type == Type::milliseconds) {
        more = "e.g. 250ms";
    } else if (parameter.type != Type::text && parameter.max != 0 &&
               parameter.max != intent::sandbox::fault_unlimited) {
        more = std::to_string(parameter.min) + "-" + std::to_string(parameter.max);
    }
    if (!parameter.default_value.empty() && !is_flag(parameter))
        more += (more.empty() ? "default " : ", default ") + std::string(parameter.default_value);
    return std::string(parameter.help) + (more.empty() ? "" : " (" + more + ")");
}

/// A parameter's value as the command line has it.
struct Given {
    const FaultParameter* parameter;
    std::string flag;
    std::string text = {};
    bool is_present = false;  ///< for a flag without a value
    CLI::Option* option = nullptr;
};

json::value number_of(const Given& given, bool whole) {
    auto number = parsed_json(given.text);
    const bool is_whole = number && (number->is_int64() || number->is_uint64());
    if (!number || !number->is_number() || (whole && !is_whole))
        throw WrongUsage(given.flag + " " + given.text + ": expected a " + (whole ? "whole " : "") + "number");
    return *std::move(number);
}

json::value value_of(const Given& given) {
    switch (given.parameter->type) {
        case Type::integer:
        case Type::close_code:
            return number_of(given, true);
        case Type::number:
            return number_of(given, false);
        case Type::milliseconds:
            return duration_of(given.flag, given.text).count();
        case Type::boolean:
            return true;
        case Type::choice:
            if (is_flag(*given.parameter)) return json::string(given.parameter->name);
            break;
        case Type::text:
            break;
    }
    return json::value(given.text);
}

/// The flags of one command that adds a fault.
class NewFault {
public:
    NewFault(const FaultKindInfo& kind, CLI::App& command) : kind_(kind), command_(command) {
        add_address_flag(command, address_);
        for (const auto& parameter : parameters_of(kind))
            take(parameter, own_, "");
        for (const auto& parameter : intent::sandbox::fault_match)
            if (takes_match(class_of(kind), parameter.name)) take(parameter, match_, "Match (default: anything)");
        const std::string group = "How often and how long";
        for (const auto& parameter : intent::sandbox::fault_options) {
            auto* option = take(parameter, own_, group);
            if (parameter.name == "count")
                command.add_flag("--forever", forever_, "Keep the fault until it is removed")
                    ->group(group)
                    ->excludes(option);
        }
        command.footer("Applies to " + std::string(class_of(kind).applies_to) + ".");
    }

    int run() {
        json::object fault{{"kind", json::string(kind_.name)}};
        put(own_, fault);
        if (forever_) fault["count"] = nullptr;
        json::object match;
        put(match_, match);
        if (!match.empty()) fault["match"] = match;
        Control control(address_);
        return print_json(json::serialize(control.post("/faults", fault))) ? done : failed;
    }

private:
    using Flags = std::vector<std::unique_ptr<Given>>;

    static const intent::sandbox::FaultClassInfo& class_of(const FaultKindInfo& kind) {
        return intent::sandbox::fault_info(kind.fault_class);
    }

    CLI::Option* take(const FaultParameter& parameter, Flags& flags, const std::string& group) {
        auto given = std::make_unique<Given>(Given{.parameter = &parameter, .flag = flag_of(parameter)});
        if (is_flag(parameter)) {
            given->option = command_.add_flag(given->flag, given->is_present, help_of(parameter));
        } else {
            given->option =
                command_.add_option(given->flag, given->text, help_of(parameter))->type_name(value_name(parameter));
        }
        if (parameter.required) given->option->required();
        if (!group.empty()) given->option->group(group);
        flags.push_back(std::move(given));
        return flags.back()->option;
    }

    static void put(const Flags& flags, json::object& object) {
        for (const auto& given : flags)
            if (given->option->count() > 0) object[json::string_view(given->parameter->name)] = value_of(*given);
    }

    const FaultKindInfo& kind_;
    CLI::App& command_;
    SandboxAddress address_;
    bool forever_ = false;
    Flags own_;
    Flags match_;
};

void add_kinds(CLI::App& parent, std::vector<Command>& commands) {
    for (const FaultKindInfo& kind : intent::sandbox::fault_kinds) {
        const std::string name(kind.name);
        auto* command = parent.add_subcommand(name, std::string(kind.help));
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
            std::string match_text;
            if (const auto* match = at(fault, "match").if_object()) {
                for (const auto& [name, value] : *match)
                    if (!value.is_null())
                        match_text +=
                            std::string(match_text.empty() ? "" : " ") + std::string(name) + "=" + cell(value);
            }
            rows.push_back({cell(at(fault, "id")), cell(at(fault, "kind")), cell(at(fault, "hits")),
                            at(fault, "count").is_null() ? "forever" : cell(at(fault, "count")),
                            match_text.empty() ? "anything" : match_text, left.is_null() ? "-" : cell(left) + " ms"});
        }
        return print_table(rows) ? done : failed;
    }
};

struct Remove {
    SandboxAddress address = {};
    std::vector<std::string> ids = {};
    bool all = false;

    int run() const {
        if (all == !ids.empty()) throw WrongUsage("fault remove: give an ID, or --all");
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

    auto* list_command = fault->add_subcommand("list", "List active faults");
    const auto list = std::make_shared<List>();
    add_address_flag(*list_command, list->address);
    list_command->add_flag("--json", list->json, "Print one JSON line");
    commands.push_back({list_command, [list] { return list->run(); }});

    auto* remove_command = fault->add_subcommand("remove", "Remove faults");
    const auto remove = std::make_shared<Remove>();
    add_address_flag(*remove_command, remove->address);
    remove_command->add_option("id", remove->ids, "Number in `fault list`")->type_name("ID");
    remove_command->add_flag("--all", remove->all, "Remove every fault");
    commands.push_back({remove_command, [remove] { return remove->run(); }});

    auto* add = fault->add_subcommand("add", "The same as `fault KIND`");
    add->require_subcommand(1);
    add_kinds(*add, commands);
    add_kinds(*fault, commands);
    return commands;
}

}  // namespace tool
