// The foreign platform (tests/integration/peer) as a test sees it: its addresses and its records.
#pragma once

#include "tests/support/process.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::test {

std::string peer_directory();

/// A running `peer.mjs`.
class Peer {
public:
    using Record = boost::json::object;

    explicit Peer(std::vector<std::string> arguments);

    std::string gateway;
    std::string rest;
    std::string token;
    std::uint64_t channel = 0;

    /// Its records of one type (and opcode, for frames) so far, in order.
    std::vector<Record> records(std::string_view type, std::optional<int> op = {}) const;

    /// True once it has `count` of them.
    bool wait_records(std::string_view type, std::size_t count, std::optional<int> op = {});

    void tell(const std::string& command) { process_.tell(command); }

    static std::string text(const Record& record, std::string_view name);
    static std::int64_t number(const Record& record, std::string_view name);

private:
    Process process_;
};

}  // namespace intent::test
