// Validates arguments of calls (protocol §8, §11). Lengths count Unicode code points.
#pragma once

#include <intent/bodies.hpp>
#include <intent/snowflake.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::rest {

/// The number of code points of valid UTF-8.
std::size_t code_points(std::string_view text) noexcept;

// Each returns the problem, or nothing. The texts name the field, never its value.

std::optional<std::string> check_text(std::string_view field, std::string_view text, std::size_t shortest,
                                      std::size_t longest);
std::optional<std::string> check_message(const MessageBody& body);
/// A message of a webhook: never encrypted.
std::optional<std::string> check_webhook_message(const MessageBody& body);
std::optional<std::string> check_embed(const raw::Embed& embed, const std::string& field);
std::optional<std::string> check_id_count(std::string_view field, std::size_t count, std::size_t fewest,
                                          std::size_t most);
template <class Tag>
std::optional<std::string> check_ids(std::string_view field, const std::vector<Snowflake<Tag>>& ids, std::size_t fewest,
                                     std::size_t most) {
    if (auto wrong = check_id_count(field, ids.size(), fewest, most)) return wrong;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!ids[i]) return std::string(field) + "[" + std::to_string(i) + "]: no id is set (0 is not an id)";
    }
    return std::nullopt;
}
std::optional<std::string> check_page(const PageOptions& page);

}  // namespace intent::rest
