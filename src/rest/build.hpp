// The building blocks of requests: JSON bodies, and paths in the forms to send, to show and to count.
#pragma once

#include "codec/convert.hpp"
#include "codec/writer.hpp"
#include "rest/request.hpp"

#include <intent/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::rest {

/// The problem with an argument, if any.
using Wrong = std::optional<std::string>;

/// A JSON object, collected as MessagePack, which the codec converts to text.
class Body {
public:
    void text(std::string_view key, const std::optional<std::string>& value) {
        if (value) begin(key).text(*value);
    }
    void secret(std::string_view key, const Secret& value) { begin(key).text(value.reveal()); }
    void null(std::string_view key) { begin(key).nil(); }
    void integer(std::string_view key, std::optional<std::int64_t> value) {
        if (value) begin(key).integer(*value);
    }
    void boolean(std::string_view key, std::optional<bool> value) {
        if (value) begin(key).boolean(*value);
    }
    template <class Tag>
    void id(std::string_view key, std::optional<Snowflake<Tag>> value) {
        if (value) begin(key).text(value->str());
    }
    template <class Tag>
    void ids(std::string_view key, const std::vector<Snowflake<Tag>>& list) {
        codec::Writer writer = begin(key);
        writer.list(list.size());
        for (const auto& one : list)
            writer.text(one.str());
    }
    void permissions(std::string_view key, std::optional<Permissions> value) {
        if (value) begin(key).text(value->str());
    }
    void embeds(const std::vector<raw::Embed>& list) {
        if (list.empty()) return;
        codec::Writer writer = begin("embeds");
        writer.list(list.size());
        for (const auto& embed : list)
            writer.encoded(codec::to_msgpack(embed));
    }
    bool empty() const noexcept { return entries_ == 0; }
    std::string json() const {
        codec::Bytes whole;
        codec::Writer writer(whole);
        writer.map(entries_);
        writer.encoded(content_);
        auto json = codec::msgpack_to_json(whole);
        return json ? *std::move(json) : std::string();  // our own output is valid MessagePack
    }

private:
    codec::Writer begin(std::string_view key) {
        ++entries_;
        codec::Writer writer(content_);
        writer.text(key);
        return writer;
    }

    codec::Bytes content_;
    std::size_t entries_ = 0;
};

/// The parts of a path, in three forms: to send, for the bucket, and for errors.
class Path {
public:
    Path& word(std::string_view text) {
        for (std::string* part : {&path_, &bucket_, &route_}) {
            part->push_back('/');
            part->append(text);
        }
        return *this;
    }

    /// An id that has its own limits (protocol §10).
    template <class Tag>
    Path& major(std::string_view name, Snowflake<Tag> id) {
        check(name, id.value);
        path_ += "/" + id.str();
        bucket_ += "/" + id.str();
        route_ += "/{" + std::string(name) + "}";
        return *this;
    }

    template <class Tag>
    Path& minor(std::string_view name, Snowflake<Tag> id) {
        check(name, id.value);
        path_ += "/" + id.str();
        bucket_ += "/{" + std::string(name) + "}";
        route_ += "/{" + std::string(name) + "}";
        return *this;
    }

    /// A part that is a secret or user-supplied text: percent-encoded; refused if it could leave the path.
    Path& text(std::string_view name, std::string_view value);

    Path& query(std::string_view key, const std::string& value) {
        path_ += (std::exchange(has_query_, true) ? "&" : "?") + std::string(key) + "=" + value;
        return *this;
    }

    Call call(std::string method, const Wrong& wrong = {}, std::string body = {});

private:
    void check(std::string_view name, std::uint64_t id) {
        if (id == 0 && !wrong_) wrong_ = std::string(name) + ": no id is set (0 is not an id)";
    }

    std::string path_;
    std::string bucket_;
    std::string route_;
    Wrong wrong_;
    bool has_query_ = false;
};

inline Path server_path(ServerId id) { return std::move(Path().word("servers").major("server_id", id)); }
inline Path channel_path(ChannelId id) { return std::move(Path().word("channels").major("channel_id", id)); }

/// The first of the faults. Later checks run only if no earlier one failed.
template <class... Next>
Wrong first_wrong(Wrong wrong, const Next&... next) {
    ((wrong = wrong ? std::move(wrong) : next()), ...);
    return wrong;
}

Wrong check_optional_text(std::string_view field, const std::optional<std::string>& text, std::size_t shortest,
                          std::size_t longest);

/// An edit must change something.
Wrong check_changes(const Body& body);

}  // namespace intent::rest
