// The measured frames, made with a foreign encoder, with the size and shape that today's servers send.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::bench {

using Bytes = std::vector<std::uint8_t>;
using Json = nlohmann::ordered_json;

/// The first sequence number. Like all later ones it takes four bytes, and `s` comes last: a frame's last four bytes.
constexpr std::uint32_t first_seq = 1'000'000;

inline Bytes dispatch(std::string_view type, const Json& data, std::uint32_t seq = first_seq) {
    const Json frame = {{"op", 0}, {"d", data}, {"t", type}, {"s", seq}};
    return Json::to_msgpack(frame);
}

/// 19 digits, like production ids; `kind` makes ids of different kinds distinct.
inline std::string id(std::uint64_t kind, std::uint64_t number) {
    return std::to_string(1'100'000'000'000'000'000 + kind * 10'000'000'000'000'000 + number * 4'194'304);
}

inline Json user(std::uint64_t number, bool avatar = true) {
    const std::string name = std::to_string(1'000'000 + number);
    Json user = {{"id", id(1, number)}, {"username", "grace" + name}, {"display_name", "Grace" + name}};
    user["avatar_url"] = avatar ? Json("https://cdn.intent.chat/avatars/" + id(1, number) + ".png") : Json();
    return user;
}

constexpr std::uint64_t authors_of_a_bot = 1'000;

/// A message in one of 50 channels by one of so many people. A third of them have no avatar.
inline Json message(std::uint64_t number, std::string_view content, std::uint64_t authors = authors_of_a_bot) {
    const std::uint64_t author = number * 7919 % authors;
    return {
        {"id", id(2, number)},
        {"channel_id", id(3, number % 50)},
        {"author", user(author, author % 3 != 0)},
        {"content", content},
        {"created_at", "2024-01-15T12:00:00.123Z"},
        {"edited_at", nullptr},
        {"attachments", Json::array()},
        {"embeds", Json::array()},
    };
}

constexpr std::string_view chat =
    "Has anyone tried the new build on arm64 yet? It links here, but two tests timed out.";

/// 404 bytes for any number of an author with an avatar.
inline Bytes message_create(std::uint64_t number = 42, std::uint32_t seq = first_seq, std::string_view content = chat,
                            std::uint64_t authors = authors_of_a_bot) {
    return dispatch("MESSAGE_CREATE", {{"message", message(number, content, authors)}}, seq);
}

/// What people write: 52 to 150 characters, which makes frames of 315 to 471 bytes, 402 on average.
inline std::string_view said(std::uint64_t number) {
    constexpr std::string_view text =
        "Has anyone tried the new build on arm64 yet? It links here, but two tests timed out. The log says nothing "
        "about "
        "it, and the second run was green........";
    static_assert(text.size() >= 150);
    return text.substr(0, 52 + number * 37 % 99);
}

/// A bot's report: three embeds with ten fields each, and two files.
inline Bytes message_with_embeds() {
    Json whole = message(7, chat);
    for (int i = 0; i < 2; ++i) {
        whole["attachments"].push_back({{"id", id(4, i)},
                                        {"filename", "build-" + std::to_string(i) + ".log"},
                                        {"size", 123'456},
                                        {"url", "https://cdn.intent.chat/attachments/" + id(4, i) + "/build.log"},
                                        {"content_type", "text/plain"},
                                        {"width", nullptr},
                                        {"height", nullptr}});
    }
    for (int i = 0; i < 3; ++i) {
        Json fields = Json::array();
        for (int field = 0; field < 10; ++field) {
            fields.push_back({{"name", "Target " + std::to_string(field)},
                              {"value", "passed after 12.5 s, 3 warnings in files that have not changed since"},
                              {"inline", field % 2 == 0}});
        }
        const std::string picture = "https://cdn.intent.chat/pictures/" + id(5, i) + ".png";
        whole["embeds"].push_back({{"title", "Nightly build " + std::to_string(i)},
                                   {"description", std::string(chat) + " " + std::string(chat)},
                                   {"url", "https://builds.example.org/nightly/" + std::to_string(i)},
                                   {"color", 0x33aa55},
                                   {"timestamp", "2024-01-15T12:00:00Z"},
                                   {"footer", {{"text", "builds.example.org"}, {"icon_url", picture}}},
                                   {"image", {{"url", picture}}},
                                   {"thumbnail", {{"url", picture}}},
                                   {"author", {{"name", "Builds"}, {"url", picture}, {"icon_url", picture}}},
                                   {"fields", fields}});
    }
    return dispatch("MESSAGE_CREATE", {{"message", whole}});
}

inline Bytes ready(int servers) {
    Json list = Json::array();
    for (int i = 0; i < servers; ++i) {
        list.push_back({{"id", id(6, i)},
                        {"name", "Compilers and friends " + std::to_string(i)},
                        {"owner_id", id(1, i)},
                        {"icon_url", "https://cdn.intent.chat/icons/" + id(6, i) + ".png"},
                        {"description", i % 2 == 0 ? Json("Where people who write compilers meet") : Json()},
                        {"member_count", 10 * i},
                        {"created_at", "2024-01-15T12:00:00.123Z"}});
    }
    const Json frame = {{"op", 3},
                        {"d",
                         {{"user", {{"id", "1"}, {"username", "bench"}, {"display_name", "Bench"}}},
                          {"servers", list},
                          {"heartbeat_interval", 60'000},
                          {"session_id", "8f14e45fceea167a5a36dedd4bea2543"}}}};
    return Json::to_msgpack(frame);
}

/// Every second user has an avatar.
inline Bytes member_add(std::uint64_t number, std::uint32_t seq) {
    const Json nickname = number % 4 == 0 ? Json("Amazing " + std::to_string(1000 + number % 1000)) : Json();
    return dispatch("MEMBER_ADD",
                    {{"server_id", id(6, number % 200)},
                     {"user", user(number, number % 2 == 0)},
                     {"nickname", nickname},
                     {"roles", {id(7, number % 5)}},
                     {"joined_at", "2024-01-15T12:00:00.123Z"}},
                    seq);
}

/// Every second channel has a topic.
inline Bytes channel_create(std::uint64_t number, std::uint32_t seq) {
    const Json topic = number % 2 == 0 ? Json("Questions about the build, and answers") : Json();
    return dispatch("CHANNEL_CREATE",
                    {{"channel",
                      {{"id", id(3, number)},
                       {"server_id", id(6, number % 200)},
                       {"name", "builds-" + std::to_string(number)},
                       {"type", 0},
                       {"topic", topic},
                       {"position", number % 50},
                       {"parent_id", id(3, 0)},
                       {"created_at", "2024-01-15T12:00:00.123Z"}}}},
                    seq);
}

/// Ends a burst: the one event that every client has a handler for.
inline Bytes last_event(std::uint32_t seq) {
    return dispatch("MESSAGE_DELETE", {{"id", "1"}, {"channel_id", "2"}}, seq);
}

}  // namespace intent::bench
