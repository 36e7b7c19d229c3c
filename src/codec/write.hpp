// Writes described structs and their members, as MessagePack with a `Writer` or as JSON with a `JsonWriter`.
#pragma once

#include "codec/read.hpp"
#include "codec/writer.hpp"

#include <chrono>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace intent::codec {

template <class Output, class T>
void write_value(Output& writer, const T& value);

/// Whether a field is written. Fields that do not apply are not, nor are optional fields with the value that their
/// absence means, unless the writer writes unset fields.
template <class Field, class T>
bool is_written(Unset unset, const Field& field, const T& object) {
    using Member = typename Field::member_type;
    if (!applies(object, field.name)) return false;
    if (field.presence == Presence::required || field.presence == Presence::nullable) return true;
    if (field.presence == Presence::optional && unset == Unset::nil) return true;
    const Member& member = object.*field.member;
    if constexpr (IsOptional<Member>::value) {
        return member.has_value();
    } else if constexpr (IsVector<Member>::value) {
        return !member.empty();
    } else {
        return !(member == Member{});
    }
}

/// Whether a field is written as nil although its type has no such state: an unset nullable id, an empty optional
/// text, and fields for which the table's `is_nil` returns true.
template <class Field, class T>
bool is_nil(const Field& field, const T& object) {
    using Member = typename Field::member_type;
    if constexpr (requires { Fields<T>::is_nil(object, field.name); })
        if (Fields<T>::is_nil(object, field.name)) return true;
    if constexpr (IsSnowflake<Member>::value)
        return field.presence == Presence::nullable && !(object.*field.member);
    else if constexpr (std::is_same_v<Member, std::string> || std::is_same_v<Member, Secret>)
        return field.presence == Presence::optional && object.*field.member == Member{};
    else
        return false;
}

template <class Output, class T>
void write_object(Output& writer, const T& object) {
    std::apply(
        [&](const auto&... field) {
            writer.map((std::size_t{0} + ... + (is_written(writer.unset(), field, object) ? 1U : 0U)));
            const auto write_field = [&](const auto& one) {
                if (!is_written(writer.unset(), one, object)) return;
                writer.key(one.name);
                if (is_nil(one, object)) return writer.nil();
                write_value(writer, object.*one.member);
            };
            (write_field(field), ...);
            writer.end_map();
        },
        Fields<T>::table);
}

/// Writes one value of any type that a field table allows.
template <class Output, class T>
void write_value(Output& writer, const T& value) {
    if constexpr (Described<T>) {
        write_object(writer, value);
    } else if constexpr (std::is_same_v<T, std::string>) {
        writer.text(value);
    } else if constexpr (std::is_same_v<T, Secret>) {
        writer.text(value.reveal());
    } else if constexpr (IsSnowflake<T>::value) {
        writer.text(Decimal(value.value).text());
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        writer.text(format_timestamp(value));
    } else if constexpr (std::is_same_v<T, raw::UnixTime>) {
        writer.integer(std::chrono::floor<std::chrono::seconds>(value.value).time_since_epoch().count());
    } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
        writer.integer(value.count());
    } else if constexpr (std::is_same_v<T, Permissions>) {
        writer.text(Decimal(value.bits).text());
    } else if constexpr (std::is_same_v<T, bool>) {
        writer.boolean(value);
    } else if constexpr (std::is_enum_v<T>) {
        writer.integer(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::integral<T>) {
        writer.integer(value);
    } else if constexpr (std::is_same_v<T, double>) {
        writer.number(value);
    } else if constexpr (std::is_same_v<T, Any>) {
        if (value.bytes.empty()) return writer.nil();
        writer.encoded(value.bytes);
    } else if constexpr (IsOptional<T>::value) {
        if (!value) return writer.nil();
        write_value(writer, *value);
    } else {
        static_assert(IsVector<T>::value, "no field table (codec/describe.hpp) and no other way to write this type");
        writer.list(value.size());
        for (const auto& element : value) {
            writer.element();
            write_value(writer, static_cast<const typename T::value_type&>(element));
        }
        writer.end_list();
    }
}

}  // namespace intent::codec
