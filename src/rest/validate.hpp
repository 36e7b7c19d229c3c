// What a call may hold (protocol §8, §11): lengths count Unicode code points.
#pragma once

#include <intent/bodies.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::rest {

/// Code points of valid UTF-8.
std::size_t code_points(std::string_view text) noexcept;

// Each tells what is wrong, or nothing. The texts name the field, never its value.

std::optional<std::string> check_text(std::string_view field, std::string_view text, std::size_t shortest,
                                      std::size_t longest);
std::optional<std::string> check_message(const MessageBody& body);
std::optional<std::string> check_embed(const raw::Embed& embed, const std::string& field);
std::optional<std::string> check_ids(std::string_view field, const std::vector<MessageId>& ids);
std::optional<std::string> check_page(const PageOptions& page);

}  // namespace intent::rest
