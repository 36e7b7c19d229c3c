// `intent doctor`: checks whether a bot can work on this machine, and suggests fixes.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/doctor_checks.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/output.hpp"

#include <fmt/core.h>

#include <memory>

namespace tool {

namespace {

struct DoctorFlags {
    Connection connection = {};
    std::string timeout = "20s";
    bool json = false;
};

std::string_view word_of(Finding::State state) {
    switch (state) {
        case Finding::State::ok:
            return "ok";
        case Finding::State::warning:
            return "warning";
        case Finding::State::problem:
            return "problem";
        case Finding::State::skipped:
            return "skipped";
    }
    return "";
}

bool print_finding(const Finding& finding, bool json) {
    if (json) {
        return print_json(fmt::format(R"({{"check":{},"state":{},"text":{},"advice":{}}})", json_string(finding.check),
                                      json_string(word_of(finding.state)), json_string(finding.text),
                                      finding.advice.empty() ? "null" : json_string(finding.advice)));
    }
    return print_line(fmt::format("{:<8} {:<18} {}{}{}", word_of(finding.state), finding.check, finding.text,
                                  finding.advice.empty() ? "" : " -> ", finding.advice));
}

int doctor(const DoctorFlags& flags) {
    const auto timeout = duration_of("--timeout", flags.timeout);
    int status = done;
    Doctor(flags.connection, timeout).examine([&](const Finding& finding) {
        if (finding.state == Finding::State::problem && status == done) status = failed;
        if (finding.refused) status = token_refused;
        return print_finding(finding, flags.json);
    });
    return status;
}

}  // namespace

Command add_doctor(CLI::App& tool) {
    auto* command = tool.add_subcommand("doctor", "Check token, addresses, REST API and gateway, and suggest fixes");
    const auto flags = std::make_shared<DoctorFlags>();
    add_connection_flags(*command, flags->connection, Reaches::rest_and_gateway);
    command->add_option("--timeout", flags->timeout, "Timeout for the REST API and for the gateway")
        ->type_name("TIME")
        ->capture_default_str();
    command->add_flag("--json", flags->json, "Print one JSON object per line");
    return {command, [flags] { return doctor(*flags); }};
}

}  // namespace tool
