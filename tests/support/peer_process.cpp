#include "tests/support/peer_process.hpp"

#include <boost/json/parse.hpp>

#include <stdexcept>
#include <utility>

namespace intent::test {
namespace {

std::vector<std::string> with_program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"node", "peer.mjs"});
    return arguments;
}

Peer::Record parse(const std::string& line) { return boost::json::parse(line).as_object(); }

std::vector<Peer::Record> select(const std::vector<std::string>& lines, std::string_view type, std::optional<int> op) {
    std::vector<Peer::Record> found;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        auto record = parse(lines[i]);
        if (Peer::text(record, "type") != type) continue;
        if (op && (!record.contains("op") || Peer::number(record, "op") != *op)) continue;
        found.push_back(std::move(record));
    }
    return found;
}

}  // namespace

std::string peer_directory() { return INTENT_SOURCE_DIR "/tests/integration/peer"; }

Peer::Peer(std::vector<std::string> arguments) : process_(with_program(std::move(arguments)), peer_directory()) {
    if (!process_.lines.wait_count(1)) throw std::runtime_error("peer.mjs does not answer");
    const auto first = parse(process_.lines.all().front());
    gateway = text(first, "gateway");
    rest = text(first, "rest");
    token = text(first, "token");
    channel = std::stoull(text(first, "channel"));
}

std::vector<Peer::Record> Peer::records(std::string_view type, std::optional<int> op) const {
    return select(process_.lines.all(), type, op);
}

bool Peer::wait_records(std::string_view type, std::size_t count, std::optional<int> op) {
    return process_.lines.wait_for([&](const auto& lines) { return select(lines, type, op).size() >= count; });
}

std::int64_t Peer::number(const Record& record, std::string_view name) { return record.at(name).as_int64(); }

std::string Peer::text(const Record& record, std::string_view name) {
    return std::string(std::string_view(record.at(name).as_string()));
}

}  // namespace intent::test
