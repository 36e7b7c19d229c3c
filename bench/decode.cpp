// The cost of decoding a frame into a raw::Message or raw::Ready: every decoder, for each of three frames.
//
//   intent_bench_decode [options of Google Benchmark]
//   intent_bench_decode --frames                          prints the frames, one "name hex" per line, for other
//   languages intent_bench_decode --repeat codec|hand|strings|views N   decodes the message so often, for counting
//   instructions
#include "bench/frames.hpp"
#include "bench/generic.hpp"
#include "bench/hand_written.hpp"
#include "codec/convert.hpp"
#include "codec/frame.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::bench {
namespace {

std::optional<raw::Message> codec_decode(std::span<const std::uint8_t> bytes) {
    const auto envelope = codec::peek_frame(bytes);
    std::optional<raw::Message> message{std::in_place};  // in its place, as the client decodes and as `hand_decode`
    codec::Failure failure;
    if (!envelope || envelope->op != 0u || envelope->type != "MESSAGE_CREATE" ||
        !codec::decode_wrapped(envelope->data, "message", *message, failure))
        message.reset();
    return message;
}

std::optional<raw::Ready> codec_decode_ready(std::span<const std::uint8_t> bytes) {
    const auto envelope = codec::peek_frame(bytes);
    if (!envelope || envelope->op != 3u) return std::nullopt;
    auto ready = codec::from_msgpack<raw::Ready>(envelope->data);
    if (!ready) return std::nullopt;
    return *std::move(ready);
}

void copy_bytes(benchmark::State& state, const Bytes& frame) {
    Bytes target(frame.size());
    for (auto _ : state) {
        std::memcpy(target.data(), frame.data(), frame.size());
        benchmark::DoNotOptimize(target.data());
        benchmark::ClobberMemory();
    }
    state.counters["bytes"] = static_cast<double>(frame.size());
}

/// Into texts alone, without ids or times.
template <class Text>
std::optional<BareMessage<Text>> bare_decode(std::span<const std::uint8_t> bytes) {
    std::optional<BareMessage<Text>> message{std::in_place};
    if (!hand_decode_bare(bytes, *message)) message.reset();
    return message;
}

template <class Decode>
int decode_often(Decode call, const char* times) {
    const Bytes frame = message_create();
    for (long left = std::atol(times); left > 0; --left) {
        auto result = call(frame);
        benchmark::DoNotOptimize(result);
    }
    return 0;
}

int repeat(std::string_view way, const char* times) {
    if (way == "codec") return decode_often(codec_decode, times);
    if (way == "hand") return decode_often(hand_decode, times);
    if (way == "strings") return decode_often(bare_decode<std::string>, times);
    if (way == "views") return decode_often(bare_decode<std::string_view>, times);
    return 2;
}

template <class Decode>
void decode(benchmark::State& state, const Bytes& frame, Decode call) {
    for (auto _ : state) {
        auto result = call(frame);
        benchmark::DoNotOptimize(result);
    }
}

template <class Call>
void add(const std::string& name, const Bytes& frame, Call call) {
    benchmark::RegisterBenchmark(name.c_str(), [frame, call](benchmark::State& state) { decode(state, frame, call); });
}

/// Registers all decoders for one frame, and checks that they give the same result.
template <class Codec, class Hand, class Generic>
void compare(const std::string& name, const Bytes& frame, Codec codec, Hand hand, Generic generic) {
    const auto expected = hand(frame);
    if (!expected || codec(frame) != expected || generic(frame) != expected) {
        std::fprintf(stderr, "bench: the decoders disagree about %s\n", name.c_str());
        std::exit(1);
    }
    benchmark::RegisterBenchmark((name + "/copy").c_str(),
                                 [frame](benchmark::State& state) { copy_bytes(state, frame); });
    add(name + "/skip", frame, codec::peek_frame);
    add(name + "/hand", frame, hand);
    add(name + "/codec", frame, codec);
    add(name + "/generic", frame, generic);
}

void print(std::string_view name, const Bytes& frame) {
    std::printf("%.*s ", static_cast<int>(name.size()), name.data());
    for (const std::uint8_t byte : frame)
        std::printf("%02x", byte);
    std::printf("\n");
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    using namespace intent::bench;
    if (argc == 2 && std::string_view(argv[1]) == "--frames") {
        print("message", message_create());
        print("embeds", message_with_embeds());
        print("ready", ready(200));
        return 0;
    }
    if (argc == 4 && std::string_view(argv[1]) == "--repeat") return repeat(argv[2], argv[3]);
    compare("message", message_create(), codec_decode, hand_decode, generic_decode);
    add("message/strings", message_create(), bare_decode<std::string>);
    add("message/views", message_create(), bare_decode<std::string_view>);
    compare("embeds", message_with_embeds(), codec_decode, hand_decode, generic_decode);
    compare("ready", ready(200), codec_decode_ready, hand_decode_ready, generic_decode_ready);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
