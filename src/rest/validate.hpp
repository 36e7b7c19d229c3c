// Validates arguments of calls (protocol §8, §11). Lengths count Unicode code points.
#pragma once

#include "codec/field.hpp"
#include "codec/read.hpp"

#include <intent/bodies.hpp>
#include <intent/raw/bodies.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace intent::rest {

/// The problem with an argument, if any. The text names the field, never its value.
using Wrong = std::optional<std::string>;

// Each of these returns the text that follows the name of the field: ": must not be empty".

Wrong check_text(std::string_view text, codec::Range range);
Wrong check_count(std::size_t count, codec::Range range);
Wrong check_number(std::int64_t value, codec::Range range);
Wrong check_id(std::uint64_t id);

/// The rules for messages that concern several fields. `check_fields` checks each field.
Wrong check_message(const raw::MessageBody& body);
/// A message of a webhook: never encrypted.
Wrong check_webhook_message(const raw::MessageBody& body);
Wrong check_page(const raw::PageOptions& page);

template <class T>
Wrong check_fields(const T& object);

/// Returns the text that follows the name of the field. A path is built only for a problem.
template <class T>
Wrong check_value(const T& value, codec::Range range) {
    if constexpr (codec::Described<T>) {
        auto wrong = check_fields(value);
        if (wrong) wrong->insert(0, ".");
        return wrong;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return check_text(value, range);
    } else if constexpr (std::is_same_v<T, Secret>) {
        return check_text(value.reveal(), range);
    } else if constexpr (codec::IsSnowflake<T>::value) {
        return check_id(value.value);
    } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
        return check_number(value.count(), range);
    } else if constexpr (std::integral<T> && !std::is_same_v<T, bool>) {
        return check_number(std::int64_t{value}, range);
    } else if constexpr (codec::IsOptional<T>::value) {
        return value ? check_value(*value, range) : std::nullopt;
    } else if constexpr (codec::IsVector<T>::value) {
        auto wrong = check_count(value.size(), range);
        for (std::size_t i = 0; i < value.size() && !wrong; ++i) {
            wrong = check_value(value[i], {});
            if (wrong) wrong->insert(0, "[" + std::to_string(i) + "]");
        }
        return wrong;
    } else {
        return std::nullopt;
    }
}

/// Checks each field of a request against the limits in its table. The text begins with the field's path.
template <class T>
Wrong check_fields(const T& object) {
    Wrong wrong;
    const auto is_valid = [&](const auto& row) {
        wrong = check_value(object.*row.member, row.range);
        if (wrong) wrong->insert(0, row.name);
        return !wrong;
    };
    std::apply([&](const auto&... row) { static_cast<void>((is_valid(row) && ...)); }, codec::Fields<T>::table);
    return wrong;
}

}  // namespace intent::rest
