// The foreign platform (tests/integration/peer) as a test sees it: addresses, and what it noted.
#pragma once

#include "tests/support/process.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::test {

inline std::string peer_directory() { return INTENT_SOURCE_DIR "/tests/integration/peer"; }

/// A running `peer.mjs`.
class Peer {
public:
    using Record = boost::json::object;

    explicit Peer(std::vector<std::string> arguments) : process_(with_program(std::move(arguments)), peer_directory()) {
        if (!process_.lines.wait_count(1)) throw std::runtime_error("peer.mjs does not answer");
        const auto first = parse(process_.lines.all().front());
        gateway = text(first, "gateway");
        rest = text(first, "rest");
        token = text(first, "token");
        channel = std::stoull(text(first, "channel"));
    }

    std::string gateway;
    std::string rest;
    std::string token;
    std::uint64_t channel = 0;

    /// Everything it noted so far, of one type (and opcode, for frames and what was sent), in order.
    std::vector<Record> records(std::string_view type, std::optional<int> op = {}) const {
        return select(process_.lines.all(), type, op);
    }

    /// True once it has noted `count` of them.
    bool wait_records(std::string_view type, std::size_t count, std::optional<int> op = {}) {
        return process_.lines.wait_for([&](const auto& lines) { return select(lines, type, op).size() >= count; });
    }

    void tell(const std::string& command) { process_.tell(command); }

    static std::string text(const Record& record, std::string_view name) {
        return std::string(std::string_view(record.at(name).as_string()));
    }
    static std::int64_t number(const Record& record, std::string_view name) { return record.at(name).as_int64(); }

private:
    static std::vector<std::string> with_program(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"node", "peer.mjs"});
        return arguments;
    }
    static Record parse(const std::string& line) { return boost::json::parse(line).as_object(); }

    static std::vector<Record> select(const std::vector<std::string>& lines, std::string_view type,
                                      std::optional<int> op) {
        std::vector<Record> found;
        for (std::size_t i = 1; i < lines.size(); ++i) {
            auto record = parse(lines[i]);
            if (text(record, "type") != type) continue;
            if (op && (!record.contains("op") || number(record, "op") != *op)) continue;
            found.push_back(std::move(record));
        }
        return found;
    }

    Process process_;
};

}  // namespace intent::test
