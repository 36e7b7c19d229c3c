#include "relay/worker/membership.hpp"

#include "relay/wire/token.hpp"

#include <algorithm>
#include <charconv>

namespace intent::relay {

namespace {

/// Lines of "<worker> <counter>". What is malformed is left out.
std::map<std::string, std::uint64_t> parse_members(std::string_view text) {
    std::map<std::string, std::uint64_t> members;
    while (!text.empty() && members.size() < Membership::max_members) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto space = line.find(' ');
        if (space == 0 || space == std::string_view::npos || space > max_token) continue;
        std::uint64_t beat = 0;
        const auto* const end = line.data() + line.size();
        const auto [rest, error] = std::from_chars(line.data() + space + 1, end, beat);
        if (error == std::errc() && rest == end) members.emplace(line.substr(0, space), beat);
    }
    return members;
}

std::string format_members(const std::map<std::string, std::uint64_t>& members) {
    std::string text;
    for (const auto& [name, beat] : members)
        text += name + ' ' + std::to_string(beat) + '\n';
    return text;
}

}  // namespace

std::string Membership::on_read(Time now, std::string_view text) {
    auto listed = parse_members(text);
    std::erase_if(others_, [&](const auto& other) { return !listed.contains(other.first); });
    for (const auto& [name, beat] : listed) {
        if (name == self_) continue;
        const auto [seen, added] = others_.try_emplace(name, Seen{beat, now});
        if (!added && seen->second.beat != beat) seen->second = {beat, now};
    }
    std::erase_if(others_, [&](const auto& other) {
        const bool dead = now - other.second.since >= lifetime;
        if (dead) listed.erase(other.first);
        return dead;
    });
    listed[self_] = ++beat_;
    return format_members(listed);
}

std::string Membership::leave(std::string_view text) const {
    auto listed = parse_members(text);
    listed.erase(self_);
    return format_members(listed);
}

std::vector<std::string> Membership::members() const {
    std::vector<std::string> all;
    for (const auto& [name, seen] : others_)
        all.push_back(name);
    if (joined_) all.insert(std::ranges::lower_bound(all, self_), self_);
    return all;
}

std::vector<std::string> assign(const std::vector<std::string>& members, unsigned partitions) {
    std::vector<std::string> owners(partitions);
    if (members.empty()) return owners;
    const auto share = partitions / members.size();
    auto extra = partitions % members.size();
    std::vector<std::size_t> load(members.size());
    for (unsigned partition = 0; partition < partitions; ++partition) {
        // The worker with the highest hash for this partition, among those that have room.
        std::size_t best = members.size();
        std::uint64_t highest = 0;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (load[i] > share || (load[i] == share && extra == 0)) continue;
            const auto weight = stable_hash(std::to_string(partition) + '/' + members[i]);
            if (best == members.size() || weight > highest) {
                best = i;
                highest = weight;
            }
        }
        if (load[best] == share) --extra;
        ++load[best];
        owners[partition] = members[best];
    }
    return owners;
}

}  // namespace intent::relay
