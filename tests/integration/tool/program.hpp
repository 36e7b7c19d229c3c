// The programs of the build directory as a test uses them.
#pragma once

#include "tests/support/process.hpp"

#include <boost/json.hpp>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::test {

using Json = boost::json::object;

inline Json parse_line(std::string_view line) { return boost::json::parse(line).as_object(); }

inline std::string text(const Json& object, std::string_view name) {
    return std::string(std::string_view(object.at(name).as_string()));
}

/// A file that goes with the test.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view content = {}) {
        const int file = mkstemp(path_.data());
        if (file < 0) throw std::runtime_error("mkstemp failed");
        close(file);
        std::ofstream(path_) << content;
    }
    ~TemporaryFile() { std::remove(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& path() const { return path_; }
    std::string content() const {
        std::ifstream file(path_);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::string path_ = "/tmp/intent-test-XXXXXX";
};

/// Variables of the program's environment, "NAME=value". Those of the test's own that speak to our programs are left
/// out.
using Environment = std::vector<std::string>;

/// A program of the build directory. Its standard error is kept apart.
class Program {
public:
    Program(const std::string& name, const std::vector<std::string>& arguments, const Environment& environment = {})
        : process_(command(name, arguments, environment), "/") {}

    ~Program() { process_.signal(SIGTERM); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    Recorder<std::string>& lines() { return process_.lines; }
    void signal(int number) { process_.signal(number); }
    std::optional<int> wait() { return process_.wait(); }
    std::string errors() const { return errors_.content(); }

    /// The first line of this type, once there is one.
    std::optional<Json> wait_type(std::string_view type) {
        const auto line =
            lines().wait_value([&](const std::string& one) { return text(parse_line(one), "type") == type; });
        if (!line) return std::nullopt;
        return parse_line(*line);
    }

private:
    std::vector<std::string> command(const std::string& name, const std::vector<std::string>& arguments,
                                     const Environment& environment) const {
        std::vector<std::string> words{"env"};
        for (const char* variable :
             {"INTENT_TOKEN", "INTENT_GATEWAY_URL", "INTENT_REST_URL", "INTENT_SESSION_FILE", "INTENT_METRICS",
              "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
            words.insert(words.end(), {"-u", variable});
        words.insert(words.end(), environment.begin(), environment.end());
        words.insert(words.end(), {"sh", "-c", "exec \"$0\" \"$@\" 2>" + errors_.path(), INTENT_BINARY_DIR "/" + name});
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    }

    TemporaryFile errors_;
    Process process_;
};

/// What a program that ends by itself left behind.
struct Outcome {
    std::optional<int> status;
    std::vector<std::string> lines;
    std::string errors;

    auto error_lines() const { return std::count(errors.begin(), errors.end(), '\n'); }
};

inline Outcome run(const std::string& name, const std::vector<std::string>& arguments,
                   const Environment& environment = {}) {
    Program program(name, arguments, environment);
    const auto status = program.wait();
    return {status, program.lines().all(), program.errors()};
}

/// `intent sandbox --json` with further flags.
class SandboxProgram {
public:
    explicit SandboxProgram(const std::vector<std::string>& flags = {}) : program_("intent", with_defaults(flags)) {
        if (!program_.lines().wait_count(1)) throw std::runtime_error("intent sandbox does not answer");
        addresses = parse_line(program_.lines().all().front());
    }

    Json addresses;

    /// For the programs that shall talk to it.
    Environment environment() const {
        return {"INTENT_TOKEN=" + text(addresses, "bot_token"), "INTENT_GATEWAY_URL=" + text(addresses, "gateway"),
                "INTENT_REST_URL=" + text(addresses, "rest")};
    }

    /// The id of #general, as `intent get` finds it.
    std::string general() const {
        const auto servers = list("/servers", "servers");
        const std::string server = text(servers.front().as_object(), "id");
        return text(list("/servers/" + server + "/channels", "channels").front().as_object(), "id");
    }

    Program& program() { return program_; }

private:
    static std::vector<std::string> with_defaults(const std::vector<std::string>& flags) {
        std::vector<std::string> all{"sandbox", "--json", "--port", "0"};
        all.insert(all.end(), flags.begin(), flags.end());
        return all;
    }

    boost::json::array list(const std::string& path, std::string_view key) const {
        const auto answer = run("intent", {"get", path}, environment());
        if (answer.lines.size() != 1) throw std::runtime_error("intent get " + path + ": " + answer.errors);
        const auto value = boost::json::parse(answer.lines.front());
        return value.is_array() ? value.as_array() : value.at(key).as_array();
    }

    Program program_;
};

}  // namespace intent::test
