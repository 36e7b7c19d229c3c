// `intent sandbox snapshot`, `restore`, `reset`, `sessions`, `state`, `advance`: commands for a running sandbox.
#include "net/file.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/table.hpp"

#include <filesystem>
#include <memory>
#include <system_error>

namespace tool {

namespace {

namespace json = boost::json;

struct SandboxControlFlags {
    SandboxAddress address = {};
    std::string file = {};
    std::string time = {};
    bool json = false;
};

/// Writes a file that only its owner can read: a store holds tokens and password hashes. Returns the error.
std::string written(const std::string& path, const std::string& content) {
    std::error_code ignored;
    const auto there = std::filesystem::status(path, ignored).type();
    if (there != std::filesystem::file_type::not_found && there != std::filesystem::file_type::regular)
        return "not a regular file (-: standard output)";
    return intent::net::replace_file(path, content);
}

int snapshot(const SandboxControlFlags& flags) {
    Control control(flags.address);
    const auto answer = control.call({.path = "/snapshot"});
    if (flags.file == "-") return print_bytes(answer.body) ? done : failed;
    const std::string problem = written(flags.file, answer.body);
    if (problem.empty()) return done;
    print_error(flags.file + ": " + problem);
    return failed;
}

int restore(const SandboxControlFlags& flags) {
    std::string content = read_input("FILE", flags.file);
    if (!content.starts_with("SQLite format 3")) throw WrongUsage("FILE " + flags.file + ": not a SQLite file");
    Control control(flags.address);
    control.call(
        {.method = "POST", .path = "/restore", .body = std::move(content), .content_type = "application/vnd.sqlite3"});
    return done;
}

int reset(const SandboxControlFlags& flags) {
    Control control(flags.address);
    control.call({.method = "POST", .path = "/reset"});
    return done;
}

int advance(const SandboxControlFlags& flags) {
    const auto step = duration_of("TIME", flags.time);
    Control control(flags.address);
    const auto clock = control.post("/clock", json::object{{"advance_ms", step.count()}});
    return print_lines(text_at(clock, "now")) ? done : failed;
}

int sessions(const SandboxControlFlags& flags) {
    Control control(flags.address);
    const auto answer = control.get("/sessions");
    if (flags.json) return print_json(json::serialize(answer)) ? done : failed;
    std::vector<Row> rows{{"ID", "USER", "CONNECTED", "SEQ", "HEARTBEAT", "ROUND TRIP", "QUEUED", "KEPT", "SINCE"}};
    const auto ms = [](const json::value& value) { return value.is_null() ? "-" : cell(value) + " ms"; };
    for (const auto& session : list_at(answer, "sessions")) {
        rows.push_back({cell(at(session, "id")), cell(at(session, "user")),
                        at(session, "connected") == json::value(true) ? "yes" : "no", cell(at(session, "seq")),
                        ms(at(session, "heartbeat_age_ms")), ms(at(session, "round_trip_ms")),
                        cell(at(session, "queued_bytes")) + " B", cell(at(session, "kept_events")),
                        cell(at(session, "since"))});
    }
    return print_table(rows) ? done : failed;
}

/// Prints a table with one row per item of the state: kind, name and id.
bool print_state(const json::value& answer) {
    std::vector<Row> rows;
    for (const char* part : {"addresses", "options", "counters"}) {
        if (const auto* object = at(answer, part).if_object())
            for (const auto& [name, value] : *object)
                rows.push_back({part, std::string(name), cell(value)});
    }
    for (const auto& user : list_at(answer, "users"))
        rows.push_back(
            {at(user, "bot") == json::value(true) ? "bot" : "user", cell(at(user, "username")), cell(at(user, "id"))});
    for (const auto& server : list_at(answer, "servers")) {
        rows.push_back({"server", cell(at(server, "name")), cell(at(server, "id"))});
        for (const auto& channel : list_at(server, "channels"))
            rows.push_back({"channel", cell(at(channel, "name")), cell(at(channel, "id"))});
    }
    rows.push_back({"sessions", std::to_string(list_at(answer, "sessions").size()), "(intent sandbox sessions)"});
    rows.push_back({"faults", std::to_string(list_at(answer, "faults").size()), "(intent sandbox fault list)"});
    return print_table(rows);
}

int state(const SandboxControlFlags& flags) {
    Control control(flags.address);
    const auto answer = control.get("/state");
    return (flags.json ? print_json(json::serialize(answer)) : print_state(answer)) ? done : failed;
}

}  // namespace

std::vector<Command> add_sandbox_control(CLI::App& sandbox) {
    std::vector<Command> commands;
    enum class Takes { nothing, file, json, time };
    const auto add = [&](const char* name, const char* help, Takes takes, int (*run)(const SandboxControlFlags&)) {
        auto* command = sandbox.add_subcommand(name, help);
        const auto flags = std::make_shared<SandboxControlFlags>();
        if (takes == Takes::file) {
            command->add_option("file", flags->file, "SQLite file; -: standard input or output")
                ->type_name("FILE")
                ->required();
        }
        if (takes == Takes::time)
            command->add_option("time", flags->time, "How far, e.g. 30s, 2h")->type_name("TIME")->required();
        if (takes == Takes::json) command->add_flag("--json", flags->json, "Print one JSON line");
        add_address_flag(*command, flags->address);
        commands.push_back({command, [flags, run] { return run(*flags); }});
    };
    add("state", "Show the state of a running sandbox", Takes::json, state);
    add("sessions", "List its gateway sessions", Takes::json, sessions);
    add("snapshot", "Save its store to a file", Takes::file, snapshot);
    add("restore", "Replace its store by a snapshot", Takes::file, restore);
    add("advance", "Advance its clock and print the new time", Takes::time, advance);
    add("reset", "Reset to the initial state", Takes::nothing, reset);
    return commands;
}

}  // namespace tool
