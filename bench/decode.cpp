// What it costs to make a raw::Message of one MESSAGE_CREATE frame.
#include "bench/hand_written.hpp"
#include "bench/message.hpp"
#include "codec/convert.hpp"
#include "codec/frame.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace intent::bench {
namespace {

const std::vector<std::uint8_t> frame = message_create();

std::optional<raw::Message> decode_codec(std::span<const std::uint8_t> bytes) {
    const auto envelope = codec::peek_frame(bytes);
    if (!envelope || envelope->op != 0u || envelope->type != "MESSAGE_CREATE") return std::nullopt;
    auto message = codec::from_msgpack_wrapped<raw::Message>(envelope->data, "message");
    if (!message) return std::nullopt;
    return *std::move(message);
}

std::optional<raw::Message> decode_nlohmann(std::span<const std::uint8_t> bytes) {
    const auto json = nlohmann::json::from_msgpack(bytes.begin(), bytes.end());
    if (json["op"] != 0 || json["t"] != "MESSAGE_CREATE") return std::nullopt;
    const auto& d = json["d"]["message"];
    const auto id = [](const nlohmann::json& text) {
        std::uint64_t value = 0;
        hand_snowflake(text.get_ref<const std::string&>(), value);
        return value;
    };
    std::optional<raw::Message> message{std::in_place};
    message->id.value = id(d["id"]);
    message->channel_id.value = id(d["channel_id"]);
    const auto& author = d["author"];
    message->author.id.value = id(author["id"]);
    message->author.username = author["username"].get<std::string>();
    message->author.display_name = author.value("display_name", "");
    if (author["avatar_url"].is_string()) message->author.avatar_url = author["avatar_url"].get<std::string>();
    message->content = d["content"].get<std::string>();
    message->created_at = hand_timestamp(d["created_at"].get_ref<const std::string&>()).value();
    if (d["edited_at"].is_string()) message->edited_at = hand_timestamp(d["edited_at"].get_ref<const std::string&>());
    return message;
}

void copy_bytes(benchmark::State& state) {
    std::vector<std::uint8_t> target(frame.size());
    for (auto _ : state) {
        std::memcpy(target.data(), frame.data(), frame.size());
        benchmark::DoNotOptimize(target.data());
        benchmark::ClobberMemory();
    }
    state.counters["bytes"] = static_cast<double>(frame.size());
}

void peek(benchmark::State& state) {
    for (auto _ : state) {
        auto envelope = codec::peek_frame(frame);
        benchmark::DoNotOptimize(envelope);
    }
}

/// The frame in hexadecimal: the label from which scripts/bench takes what it gives to other languages' decoders.
std::string hex() {
    std::string text;
    for (const std::uint8_t byte : frame) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

template <auto Decode>
void decode(benchmark::State& state) {
    for (auto _ : state) {
        auto message = Decode(frame);
        benchmark::DoNotOptimize(message);
    }
    if constexpr (Decode == decode_nlohmann) state.SetLabel(hex());
}

BENCHMARK(copy_bytes);
BENCHMARK(peek);
BENCHMARK(decode<hand_decode>)->Name("hand_written");
BENCHMARK(decode<decode_codec>)->Name("codec");
BENCHMARK(decode<decode_nlohmann>)->Name("nlohmann");

// Whatever is compared has to give the same message.
const bool agreed = [] {
    const auto expected = hand_decode(frame);
    if (expected && decode_codec(frame) == expected && decode_nlohmann(frame) == expected) return true;
    std::fputs("bench: the decoders disagree about the message\n", stderr);
    std::exit(1);
}();

}  // namespace
}  // namespace intent::bench
