// Writes the initial corpora from the tests' tables: `seeds FOLDER` creates FOLDER/<target>/*, and
// FOLDER/<target>.dict with the wire names.
#include "codec/describe.hpp"
#include "codec/frame.hpp"
#include "fuzz/support.hpp"
#include "tests/support/websocket_frames.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

namespace intent::fuzz {
namespace {

/// Writes numbered files.
class Corpus {
public:
    explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
    }

    void add(std::string_view text) {
        std::ofstream(folder_ / ("seed-" + std::to_string(count_++)), std::ios::binary) << text;
    }
    void add(codec::ByteView bytes) {
        add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }

private:
    std::filesystem::path folder_;
    int count_ = 0;
};

codec::Bytes frame(codec::Opcode op, std::string_view json, std::optional<std::string_view> type = {},
                   std::optional<std::uint64_t> seq = {}) {
    return codec::write_frame(op, *codec::json_to_msgpack(json), type, seq);
}

/// Values of every raw type, and the golden messages of a foreign encoder.
void write_values(const std::filesystem::path& folder) {
    Corpus msgpack(folder / "msgpack"), json(folder / "json");
    const auto one = [&](const auto& sample) {
        const auto text = codec::to_json(sample);
        msgpack.add(codec::to_msgpack(sample));
        msgpack.add(codec::write_frame(codec::Opcode::dispatch, codec::to_msgpack(sample), "MESSAGE_CREATE", 7));
        msgpack.add(*codec::json_to_msgpack("{\"message\":" + text + "}"));
        json.add(text);
        json.add("[" + text + "," + text + "]");
        json.add("{\"messages\":[" + text + "],\"message\":" + text + "}");
    };
    std::apply([&](const auto&... sample) { (one(sample), ...); }, test::samples());
    std::ifstream golden(INTENT_SOURCE_DIR "/tests/data/codec/golden.txt");
    for (std::string line; std::getline(golden, line);) {
        const auto first = line.find('\t'), second = line.find('\t', first + 1);
        if (second == std::string::npos) continue;
        msgpack.add(test::hex(line.substr(first + 1, second - first - 1)));
        json.add(std::string_view(line).substr(second + 1));
    }
    for (const char* text : {"", "c0", "80", "90", "cb3ff0000000000000", "ca7fc00000", "c403010203", "d6ff00000001",
                             "c7020501ff", "cf8000000000000000", "d38000000000000000", "82a26f7001a164c0", "d9026869"})
        msgpack.add(test::hex(text));
    for (const char* text :
         {"", "null", R"({"error":"no","code":"NOT_FOUND"})", R"({"code":50001,"message":"no"})", R"("no")",
          "<html><body>bad gateway</body></html>", R"({"retry_after":1.5,"global":true})", R"(["\ud800\u0041",1e308])",
          "{\"a\":-0.0,\"b\":18446744073709551615,\"c\":-9223372036854775808}", "\xef\xbb\xbf{}"})
        json.add(std::string_view(text));
}

/// Whole sessions, frame after frame.
void write_sessions(const std::filesystem::path& folder) {
    using codec::Opcode;
    const auto join = [](std::initializer_list<codec::Bytes> frames) {
        codec::Bytes out;
        for (const auto& each : frames) {
            if (!out.empty()) out.insert(out.end(), 2, 0xc1);
            out.insert(out.end(), each.begin(), each.end());
        }
        return out;
    };
    const auto ready = codec::to_json(test::sample_ready());
    const auto message = R"({"message":)" + codec::to_json(test::sample_message()) + "}";
    Corpus corpus(folder / "gateway");
    corpus.add(join({frame(Opcode::ready, ready), frame(Opcode::heartbeat_ack, "null"),
                     frame(Opcode::dispatch, message, "MESSAGE_CREATE", 1)}));
    corpus.add(
        join({frame(Opcode::hello, R"({"heartbeat_interval":41250})"), frame(Opcode::dispatch, ready, "READY", 1),
              frame(Opcode::dispatch, message, "MESSAGE_UPDATE", 2), frame(Opcode::heartbeat, "null"),
              frame(Opcode::reconnect, "null"), frame(Opcode::dispatch, message, "MESSAGE_CREATE", 3),
              frame(Opcode::dispatch, "{}", "RESUMED", 4)}));
    corpus.add(join({frame(Opcode::invalid_session, "true"), frame(Opcode::invalid_session, "false"),
                     frame(Opcode::dispatch, ready, "READY"), frame(Opcode::voice_signal, R"({"type":"ice"})")}));
    corpus.add(join({frame(Opcode::dispatch, R"({"user":{"id":1},"servers":[{"id":"x"},{"id":"1"}]})", "READY", 1),
                     frame(Opcode::dispatch, R"({"server_id":"1"})", "SERVER_DELETE", 9),
                     frame(Opcode::dispatch, "null", "CHANNEL_CREATE", 9)}));
}

/// The structured targets read choices from the end and texts from the front of the input, so texts help them most.
void write_texts(const std::filesystem::path& folder) {
    Corpus headers(folder / "headers"), session(folder / "session"), limiter(folder / "limiter");
    std::string choices;
    for (int i = 0; i < 400; ++i)
        choices += static_cast<char>(i * 37 % 251);
    for (std::size_t length : {8u, 64u, 200u, 400u}) {
        session.add(std::string_view(choices).substr(0, length));
        limiter.add(std::string_view(choices).substr(0, length));
    }
    for (const char* text :
         {"5\\0", "4\\1700000000\\0", "Thu, 01 Jan 2026 00:00:00 GMT\\5\\3",
          "1.5\\true\\{\"retry_after\":2,\"global\":true}\\", "-1\\1e300\\99999999999999\\abc\\ch:1:msg\\"})
        headers.add(text + choices.substr(0, 60));
}

/// What a server sends, good and bad, as the raw bytes of the target's input. The three bytes after them are the choice
/// of raw bytes and the longest slice.
void write_websocket(const std::filesystem::path& folder) {
    Corpus corpus(folder / "websocket");
    const auto add = [&](const std::string& bytes) {
        corpus.add(bytes + std::string("\1\0\7", 3));
        corpus.add(bytes + std::string("\1\1\100", 3));
    };
    const std::string ping = test::frame(0x89, "are you there"), text = test::frame(0x81, "gr\xc3\xbc\xc3\x9f dich");
    add(text + ping + test::binary_frame("\x82\xa2op\x01"));
    add(test::frame(0x01, "in \xc3") + ping + test::frame(0x00, "\xa4 three ") + test::frame(0x80, "fragments") + text);
    for (const std::size_t length : {125u, 126u, 250u})
        add(test::binary_frame(std::string(length, 'x')) + text);
    for (const std::uint64_t length : {5ull, 125ull, 65'535ull, 65'536ull, 1ull << 63})
        add(test::frame(0x82, "short", length));
    for (const std::uint16_t code : {999, 1000, 1005, 1011, 1015, 2999, 3000, 4004, 4999})
        add(text + test::frame(0x88, test::close_payload(code, "because")));
    add(test::frame(0x88));
    add(test::frame(0x88, "x"));
    add(test::frame(0x88, test::close_payload(1000, "\xff")));
    for (const std::uint8_t first : {0x00, 0x80, 0x09, 0x83, 0x8b, 0xc2})
        add(text + test::frame(first, "payload"));
    add(test::frame(0x89, std::string(126, 'p')));
    add(test::frame(0x81, "\xed\xa0\x80"));
    std::string flood;
    for (char letter = 'a'; letter <= 'z'; ++letter)
        flood += test::frame(0x89, std::string(1, letter));
    add(flood);
}

void write_dictionary(const std::filesystem::path& folder) {
    std::set<std::string> words{
        "op",     "t",       "s",     "d",    "heartbeat_interval", "READY",  "RESUMED", "message",          "messages",
        "server", "channel", "error", "code", "retry_after",        "global", "GMT",     "x-ratelimit-reset"};
    for_each_raw_type([&]<class T>(Type<T>) {
        const auto take = [&](const auto& field) {
            words.emplace(field.name);
            words.insert(field.aliases.begin(), field.aliases.end());
        };
        std::apply([&](const auto&... field) { (take(field), ...); }, codec::Fields<T>::table);
    });
    for (const char* target : {"msgpack", "json", "gateway"}) {
        std::ofstream file(folder / (std::string(target) + ".dict"));
        for (const auto& word : words)
            file << '"' << word << "\"\n";
    }
}

}  // namespace
}  // namespace intent::fuzz

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: seeds FOLDER\n";
        return 2;
    }
    const std::filesystem::path folder = arguments[1];
    intent::fuzz::write_values(folder);
    intent::fuzz::write_sessions(folder);
    intent::fuzz::write_texts(folder);
    intent::fuzz::write_websocket(folder);
    intent::fuzz::write_dictionary(folder);
}
