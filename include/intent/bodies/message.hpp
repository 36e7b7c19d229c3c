// Arguments of calls about messages.
#pragma once

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

/// An embed: `Embed{}.title("Build").description("passed").color(0x2ecc71)`. Limits are checked when the message is
/// sent (protocol §8): title 256 code points, description 4096, footer 2048, author 256, 25 fields with names of 256
/// and values of 1024. An empty embed is rejected.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Embed {
public:
    Embed() = default;
    explicit Embed(raw::Embed embed) : raw_(std::move(embed)) {}

    Embed& title(std::string text) & { return raw_.title = std::move(text), *this; }
    Embed&& title(std::string text) && { return std::move(title(std::move(text))); }
    Embed& description(std::string text) & { return raw_.description = std::move(text), *this; }
    Embed&& description(std::string text) && { return std::move(description(std::move(text))); }
    Embed& url(std::string url) & { return raw_.url = std::move(url), *this; }
    Embed&& url(std::string link) && { return std::move(url(std::move(link))); }
    /// 0-0xFFFFFF.
    Embed& color(std::uint32_t rgb) & { return raw_.color = rgb, *this; }
    Embed&& color(std::uint32_t rgb) && { return std::move(color(rgb)); }
    Embed& timestamp(Timestamp time) & { return raw_.timestamp = time, *this; }
    Embed&& timestamp(Timestamp time) && { return std::move(timestamp(time)); }
    Embed& footer(std::string text, std::optional<std::string> icon_url = {}) & {
        return raw_.footer = raw::EmbedFooter{std::move(text), std::move(icon_url)}, *this;
    }
    Embed&& footer(std::string text, std::optional<std::string> icon_url = {}) && {
        return std::move(footer(std::move(text), std::move(icon_url)));
    }
    Embed& image(std::string url) & { return raw_.image = raw::EmbedImage{std::move(url)}, *this; }
    Embed&& image(std::string link) && { return std::move(image(std::move(link))); }
    Embed& thumbnail(std::string url) & { return raw_.thumbnail = raw::EmbedImage{std::move(url)}, *this; }
    Embed&& thumbnail(std::string link) && { return std::move(thumbnail(std::move(link))); }
    Embed& author(std::string name, std::optional<std::string> url = {}, std::optional<std::string> icon_url = {}) & {
        return raw_.author = raw::EmbedAuthor{std::move(name), std::move(url), std::move(icon_url)}, *this;
    }
    Embed&& author(std::string name, std::optional<std::string> url = {}, std::optional<std::string> icon_url = {}) && {
        return std::move(author(std::move(name), std::move(url), std::move(icon_url)));
    }
    Embed& field(std::string name, std::string value, bool is_inline = false) & {
        return raw_.fields.push_back(raw::EmbedField{std::move(name), std::move(value), is_inline}), *this;
    }
    Embed&& field(std::string name, std::string value, bool is_inline = false) && {
        return std::move(field(std::move(name), std::move(value), is_inline));
    }

    const raw::Embed& get() const noexcept { return raw_; }

private:
    raw::Embed raw_ = {};
};

/// The content of a message: text, embeds or both. Text and an embed convert to it: `channel.send("hi")`,
/// `channel.send(Embed{}.title("Build"))`. Limits are checked when it is sent: 2000 code points, 10 embeds, not empty.
/// Direct messages accept only ciphertext (protocol §16).
///
/// Distinct objects: safe. Shared objects: unsafe.
class MessageBody {
public:
    MessageBody() = default;
    MessageBody(std::string content) : content_(std::move(content)) {}  // NOLINT(google-explicit-constructor)
    MessageBody(std::string_view content) : content_(content) {}        // NOLINT(google-explicit-constructor)
    MessageBody(const char* content) : content_(content) {}             // NOLINT(google-explicit-constructor)
    MessageBody(const Embed& embed) : embeds_{embed.get()} {}           // NOLINT(google-explicit-constructor)

    MessageBody& content(std::string text) & { return content_ = std::move(text), *this; }
    MessageBody&& content(std::string text) && { return std::move(content(std::move(text))); }
    MessageBody& embed(Embed embed) & { return embeds_.push_back(embed.get()), *this; }
    MessageBody&& embed(Embed one) && { return std::move(embed(std::move(one))); }

    /// MLS ciphertext as base64, for an encrypted message. Cannot be combined with text or embeds.
    MessageBody& mls_ciphertext(std::string base64) & { return mls_ciphertext_ = std::move(base64), *this; }
    MessageBody&& mls_ciphertext(std::string base64) && { return std::move(mls_ciphertext(std::move(base64))); }

    const std::optional<std::string>& content() const noexcept { return content_; }
    const std::vector<raw::Embed>& embeds() const noexcept { return embeds_; }
    const std::optional<std::string>& mls_ciphertext() const noexcept { return mls_ciphertext_; }

private:
    std::optional<std::string> content_ = {};
    std::vector<raw::Embed> embeds_ = {};
    std::optional<std::string> mls_ciphertext_ = {};
};

/// A page of a list: at most `limit` (1-100, 50 if unset) entries before or after an id (protocol §9). `before` and
/// `after` cannot be combined.
///
/// Distinct objects: safe. Shared objects: unsafe.
class PageOptions {
public:
    PageOptions() = default;
    PageOptions& limit(int count) & { return limit_ = count, *this; }
    PageOptions&& limit(int count) && { return std::move(limit(count)); }
    PageOptions& before(MessageId id) & { return before_ = id, *this; }
    PageOptions&& before(MessageId id) && { return std::move(before(id)); }
    PageOptions& after(MessageId id) & { return after_ = id, *this; }
    PageOptions&& after(MessageId id) && { return std::move(after(id)); }

    std::optional<int> limit() const noexcept { return limit_; }
    std::optional<MessageId> before() const noexcept { return before_; }
    std::optional<MessageId> after() const noexcept { return after_; }

private:
    std::optional<int> limit_ = {};
    std::optional<MessageId> before_ = {};
    std::optional<MessageId> after_ = {};
};

}  // namespace intent
