// Arguments of calls about messages.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/raw/embed.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent {

namespace raw {

struct MessageBody {
    std::optional<std::string> content = {};
    std::vector<Embed> embeds = {};
    std::optional<std::string> mls_ciphertext = {};
};

struct PageOptions {
    std::optional<int> limit = {};
    std::optional<MessageId> before = {};
    std::optional<MessageId> after = {};
};

}  // namespace raw

/// An embed: `Embed{}.title("Build").description("passed").color(0x2ecc71)`. Limits are checked when the message is
/// sent (protocol §8): title 256 code points, description 4096, footer 2048, author 256, 25 fields with names of 256
/// and values of 1024. An empty embed is rejected.
class Embed : public detail::Body<raw::Embed> {
public:
    Embed() = default;
    explicit Embed(raw::Embed embed) : Body(std::move(embed)) {}

    Embed& title(std::string text) { return raw_.title = std::move(text), *this; }
    Embed& description(std::string text) { return raw_.description = std::move(text), *this; }
    Embed& url(std::string url) { return raw_.url = std::move(url), *this; }
    /// 0-0xFFFFFF.
    Embed& color(std::uint32_t rgb) { return raw_.color = rgb, *this; }
    Embed& timestamp(Timestamp time) { return raw_.timestamp = time, *this; }
    Embed& footer(std::string text, std::optional<std::string> icon_url = {}) {
        return raw_.footer = raw::EmbedFooter{std::move(text), std::move(icon_url)}, *this;
    }
    Embed& image(std::string url) { return raw_.image = raw::EmbedImage{std::move(url)}, *this; }
    Embed& thumbnail(std::string url) { return raw_.thumbnail = raw::EmbedImage{std::move(url)}, *this; }
    Embed& author(std::string name, std::optional<std::string> url = {}, std::optional<std::string> icon_url = {}) {
        return raw_.author = raw::EmbedAuthor{std::move(name), std::move(url), std::move(icon_url)}, *this;
    }
    Embed& field(std::string name, std::string value, bool is_inline = false) {
        return raw_.fields.push_back(raw::EmbedField{std::move(name), std::move(value), is_inline}), *this;
    }
};

/// The content of a message: text, embeds or both. Text and an embed convert to it: `channel.send("hi")`,
/// `channel.send(Embed{}.title("Build"))`. Limits are checked when it is sent: 2000 code points, 10 embeds, not empty.
/// Direct messages accept only ciphertext (protocol §16).
class MessageBody : public detail::Body<raw::MessageBody> {
public:
    MessageBody() = default;
    MessageBody(std::string content) { raw_.content = std::move(content); }  // NOLINT(google-explicit-constructor)
    MessageBody(std::string_view content) { raw_.content = content; }        // NOLINT(google-explicit-constructor)
    MessageBody(const char* content) { raw_.content = content; }             // NOLINT(google-explicit-constructor)
    MessageBody(const Embed& embed) { raw_.embeds = {embed.get()}; }         // NOLINT(google-explicit-constructor)

    MessageBody& content(std::string text) { return raw_.content = std::move(text), *this; }
    MessageBody& embed(const Embed& embed) { return raw_.embeds.push_back(embed.get()), *this; }
    /// MLS ciphertext as base64, for an encrypted message. Cannot be combined with text or embeds.
    MessageBody& mls_ciphertext(std::string base64) { return raw_.mls_ciphertext = std::move(base64), *this; }
};

/// A page of a list: at most `limit` (1-100, 50 if unset) entries before or after an id (protocol §9). `before` and
/// `after` cannot be combined.
class PageOptions : public detail::Body<raw::PageOptions> {
public:
    PageOptions() = default;
    PageOptions& limit(int count) { return raw_.limit = count, *this; }
    PageOptions& before(MessageId id) { return raw_.before = id, *this; }
    PageOptions& after(MessageId id) { return raw_.after = id, *this; }
};

}  // namespace intent
