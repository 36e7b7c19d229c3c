#include "relay/broker/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace intent::relay::broker {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

}  // namespace

void Headers::set(std::string_view name, std::string value) {
    remove(name);
    add(name, std::move(value));
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [&](const Field& field) { return field.first == name; });
}

const std::string* Headers::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(fields_, name, &Field::first);
    return found == fields_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& field : fields_)
        if (field.first == name) values.emplace_back(field.second);
    return values;
}

std::size_t payload_size(const Message& message) noexcept {
    std::size_t size = message.data.size();
    if (message.headers.empty()) return size;
    size += std::string_view("NATS/1.0\r\n\r\n").size();
    for (const auto& [name, value] : message.headers.fields())
        size += name.size() + value.size() + 4;  // ": ", "\r\n"
    return size;
}

std::optional<Metadata> parse_metadata(std::string_view reply) {
    // $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>, and in newer
    // brokers $JS.ACK.<domain>.<account>.<the same>.<random>.
    constexpr std::string_view prefix = "$JS.ACK.";
    if (!reply.starts_with(prefix)) return {};
    reply.remove_prefix(prefix.size());
    std::array<std::string_view, 10> tokens;
    std::size_t count = 0;
    while (count < tokens.size()) {
        const auto end = reply.find('.');
        tokens[count++] = reply.substr(0, end);
        if (end == std::string_view::npos) break;
        reply.remove_prefix(end + 1);
    }
    std::size_t first = 0;
    if (count >= 9)
        first = 2;
    else if (count != 7)
        return {};
    std::array<std::uint64_t, 5> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto value = number(tokens[first + 2 + i]);
        if (!value) return {};
        numbers[i] = *value;
    }
    Metadata metadata;
    metadata.stream = tokens[first];
    metadata.consumer = tokens[first + 1];
    metadata.deliveries = numbers[0];
    metadata.stream_sequence = numbers[1];
    metadata.consumer_sequence = numbers[2];
    metadata.time = std::chrono::sys_time<std::chrono::nanoseconds>(
        std::chrono::nanoseconds(static_cast<std::int64_t>(numbers[3])));
    metadata.pending = numbers[4];
    return metadata;
}

}  // namespace intent::relay::broker
