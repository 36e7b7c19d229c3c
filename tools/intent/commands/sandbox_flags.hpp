// The flags that configure a sandbox in the tool's own process.
#pragma once

#include <intent/sandbox.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tool {

struct SandboxFlags {
    intent::sandbox::Options options = {};
    std::vector<std::string> bots = {};
    std::string dialect = "spec";
    std::uint32_t heartbeat_interval_ms = 41250;
    std::string refuse = "op8";
    bool no_resume = false;
    bool no_limits = false;
    bool clock = false;
    bool verbose = false;
};

/// Adds the flags to a command. `flags` must outlive it.
void add_sandbox_flags(CLI::App& command, SandboxFlags& flags);

/// Errors: WrongUsage for an invalid value.
intent::sandbox::Options sandbox_options(const SandboxFlags& flags);

/// Null if the port or the file is not available, which is reported. That is not wrong usage: the flags are valid.
std::unique_ptr<intent::Sandbox> start_sandbox(intent::sandbox::Options options);

}  // namespace tool
