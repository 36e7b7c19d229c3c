// Arguments of calls about messages.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/detail/embed_check.hpp>
#include <intent/detail/export.hpp>
#include <intent/limits.hpp>
#include <intent/raw/embed.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0 {

namespace raw {

/// The fields of a MessageBody.
struct MessageBody {
    std::optional<std::string> content = {};         ///< at most 2000 code points
    std::vector<Embed> embeds = {};                  ///< at most 10
    std::optional<std::string> mls_ciphertext = {};  ///< base64, instead of both
};

/// The fields of PageOptions.
struct PageOptions {
    std::optional<int> limit = {};         ///< 1-100
    std::optional<MessageId> before = {};  ///< only older messages
    std::optional<MessageId> after = {};   ///< only newer messages
};

}  // namespace raw

/// An embed: `Embed{}.title("Build").description("passed").color(0x2ecc71)`. An empty embed is rejected when the
/// message is sent. Not every client shows embeds: `as_text` is for those that do not.
///
/// Errors: each setter throws ConfigError, which names the field, for a value beyond its limit (limits.hpp, protocol
/// §8).
class INTENT_API Embed : public detail::Body<raw::Embed> {
public:
    Embed() = default;
    /// Not checked before the message is sent.
    explicit Embed(raw::Embed embed) : Body(std::move(embed)) {}

    /// The heading, at most 256 code points.
    Embed& title(std::string text) {
        return raw_.title = detail::embed_text("title", std::move(text), 0, limits::embed_title_length), *this;
    }
    /// The text, at most 4096 code points.
    Embed& description(std::string text) {
        raw_.description = detail::embed_text("description", std::move(text), 0, limits::embed_description_length);
        return *this;
    }
    /// Where the title leads.
    Embed& url(std::string url) { return raw_.url = checked_url("url", std::move(url)), *this; }
    /// 0-0xFFFFFF.
    Embed& color(std::uint32_t rgb) {
        if (rgb > limits::color) detail::refuse_in_embed("color", rgb, "", 0, limits::color);
        return raw_.color = rgb, *this;
    }
    /// A time that is shown in the footer.
    Embed& timestamp(Timestamp time) { return raw_.timestamp = time, *this; }
    /// The last line, at most 2048 code points, and a small image before it.
    Embed& footer(std::string text, std::optional<std::string> icon_url = {}) {
        raw_.footer = raw::EmbedFooter{detail::embed_text("footer", std::move(text), 0, limits::embed_footer_length),
                                       checked_url("footer.icon_url", std::move(icon_url))};
        return *this;
    }
    /// An image below the text.
    Embed& image(std::string url) {
        return raw_.image = raw::EmbedImage{checked_url("image", std::move(url), 1)}, *this;
    }
    /// A small image beside the text.
    Embed& thumbnail(std::string url) {
        return raw_.thumbnail = raw::EmbedImage{checked_url("thumbnail", std::move(url), 1)}, *this;
    }
    /// The first line: a name of at most 256 code points, where it leads, and a small image before it.
    Embed& author(std::string name, std::optional<std::string> url = {}, std::optional<std::string> icon_url = {}) {
        raw_.author = raw::EmbedAuthor{detail::embed_text("author", std::move(name), 0, limits::embed_author_length),
                                       checked_url("author.url", std::move(url)),
                                       checked_url("author.icon_url", std::move(icon_url))};
        return *this;
    }
    /// At most 25 fields; neither name nor value may be empty.
    Embed& field(std::string name, std::string value, bool is_inline = false) {
        if (raw_.fields.size() == limits::embed_fields)
            detail::refuse_in_embed("fields", raw_.fields.size() + 1, " fields", 0, limits::embed_fields);
        name = detail::embed_text("field name", std::move(name), 1, limits::embed_field_name_length);
        value = detail::embed_text("field value", std::move(value), 1, limits::embed_field_value_length);
        raw_.fields.push_back(raw::EmbedField{std::move(name), std::move(value), is_inline});
        return *this;
    }

    /// Its texts and links as plain text (`intent::as_text`): `channel.send(shorten(embed.as_text(), 2000))`.
    std::string as_text() const;

private:
    static std::string checked_url(const char* field, std::string url, std::size_t min = 0) {
        return detail::embed_text(field, std::move(url), min, limits::url_length);
    }
    static std::optional<std::string> checked_url(const char* field, std::optional<std::string> url) {
        if (url) *url = checked_url(field, *std::move(url));
        return url;
    }
};

/// The content of a message: text, embeds or both. Text and an embed convert to it: `channel.send("hi")`,
/// `channel.send(Embed{}.title("Build"))`. Limits are checked when it is sent: 2000 code points, 10 embeds, not empty.
/// Direct messages accept only ciphertext (protocol §16).
class MessageBody : public detail::Body<raw::MessageBody> {
public:
    MessageBody() = default;
    /// A text.
    MessageBody(std::string content) { raw_.content = std::move(content); }  // NOLINT(google-explicit-constructor)
    MessageBody(std::string_view content) { raw_.content = content; }        // NOLINT(google-explicit-constructor)
    MessageBody(const char* content) { raw_.content = content; }             // NOLINT(google-explicit-constructor)
    /// An embed without text.
    MessageBody(const Embed& embed) { raw_.embeds = {embed.get()}; }  // NOLINT(google-explicit-constructor)

    /// Sets the text.
    MessageBody& content(std::string text) { return raw_.content = std::move(text), *this; }
    /// Adds an embed.
    MessageBody& embed(const Embed& embed) { return raw_.embeds.push_back(embed.get()), *this; }
    /// MLS ciphertext as base64, for an encrypted message. Cannot be combined with text or embeds.
    MessageBody& mls_ciphertext(std::string base64) { return raw_.mls_ciphertext = std::move(base64), *this; }

    /// The client deletes the message this long after it was posted:
    /// `channel.send(MessageBody("done").delete_after(10s))`. If it was deleted by then, nothing happens; another
    /// failure becomes an ErrorEvent with `where` set to "delete_after". `Client::stop` ends pending deletions: their
    /// messages stay. The end of a Scope does not.
    ///
    /// At most 100 years; for a negative time, and in a body that is not for a new message of the bot (an edit, a
    /// webhook), the call fails with ConfigError. Cost: 1 more request, in the 5 per 5 s of the channel's messages.
    MessageBody& delete_after(std::chrono::milliseconds time) { return delete_after_ = time, *this; }

    /// The time after which the client deletes the message, if it does.
    const std::optional<std::chrono::milliseconds>& delete_after() const noexcept { return delete_after_; }

private:
    std::optional<std::chrono::milliseconds> delete_after_ = {};
};

/// A page of a list: at most `limit` (1-100, 50 if unset) entries before or after an id (protocol §9). `before` and
/// `after` cannot be combined.
class PageOptions : public detail::Body<raw::PageOptions> {
public:
    PageOptions() = default;
    /// At most this many entries, 1-100.
    PageOptions& limit(int count) { return raw_.limit = count, *this; }
    /// Only entries older than this one.
    PageOptions& before(MessageId id) { return raw_.before = id, *this; }
    /// Only entries newer than this one.
    PageOptions& after(MessageId id) { return raw_.after = id, *this; }
};

}  // namespace intent
