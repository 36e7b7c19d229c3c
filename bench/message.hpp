// The event that is measured: a MESSAGE_CREATE of ordinary size, as a server of today sends it.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace intent::bench {

/// One Dispatch frame of 404 bytes. `seq` is written in four bytes, so that every frame has the same size.
inline std::vector<std::uint8_t> message_create(std::uint32_t seq = 1'000'000,
                                                std::string_view content =
                                                    "Has anyone tried the new build on arm64 yet? "
                                                    "It links here, but two tests timed out.") {
    const nlohmann::ordered_json message = {
        {"id", "1187654321987654321"},
        {"channel_id", "1187654000123456789"},
        {"author",
         {{"id", "1180000000000000042"},
          {"username", "grace_hopper"},
          {"display_name", "Grace Hopper"},
          {"avatar_url", "https://cdn.intent.chat/avatars/1180000000000000042.png"}}},
        {"content", content},
        {"created_at", "2024-01-15T12:00:00.123Z"},
        {"edited_at", nullptr},
        {"attachments", nlohmann::ordered_json::array()},
        {"embeds", nlohmann::ordered_json::array()},
    };
    const nlohmann::ordered_json frame = {
        {"op", 0}, {"d", {{"message", message}}}, {"t", "MESSAGE_CREATE"}, {"s", seq}};
    return nlohmann::ordered_json::to_msgpack(frame);
}

}  // namespace intent::bench
