// What a user writes into a call: classes with setters, safe as temporaries inside `co_await` (see task.hpp).
#pragma once

#include <intent/raw/channel.hpp>
#include <intent/raw/embed.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent {

/// Writes an embed: `Embed{}.title("Build").description("passed").color(0x2ecc71)`. Limits are checked when the message
/// is sent (protocol §8): title 256 code points, description 4096, footer 2048, author 256, 25 fields of 256 and 1024.
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

/// What a message says: text, embeds or both. Text converts to it: `channel.send("hi")`. Limits (checked when it is
/// sent): 2000 code points, 10 embeds, not empty.
///
/// Distinct objects: safe. Shared objects: unsafe.
class MessageBody {
public:
    MessageBody() = default;
    MessageBody(std::string content) : content_(std::move(content)) {}  // NOLINT(google-explicit-constructor)
    MessageBody(const char* content) : content_(content) {}             // NOLINT(google-explicit-constructor)

    MessageBody& content(std::string text) & { return content_ = std::move(text), *this; }
    MessageBody&& content(std::string text) && { return std::move(content(std::move(text))); }
    MessageBody& embed(Embed embed) & { return embeds_.push_back(embed.get()), *this; }
    MessageBody&& embed(Embed one) && { return std::move(embed(std::move(one))); }

    const std::optional<std::string>& content() const noexcept { return content_; }
    const std::vector<raw::Embed>& embeds() const noexcept { return embeds_; }

private:
    std::optional<std::string> content_ = {};
    std::vector<raw::Embed> embeds_ = {};
};

/// Which part of a list: at most `limit` (1-100, 50 if unset) entries before or after an id (protocol §9).
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

/// A server to be made: name 2-100 code points, description at most 500 (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewServer {
public:
    NewServer(std::string name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
    NewServer(const char* name) : name_(name) {}             // NOLINT(google-explicit-constructor)
    NewServer& description(std::string text) & { return description_ = std::move(text), *this; }
    NewServer&& description(std::string text) && { return std::move(description(std::move(text))); }
    /// An image in base64.
    NewServer& icon(std::string base64) & { return icon_ = std::move(base64), *this; }
    NewServer&& icon(std::string base64) && { return std::move(icon(std::move(base64))); }

    const std::string& name() const noexcept { return name_; }
    const std::optional<std::string>& description() const noexcept { return description_; }
    const std::optional<std::string>& icon() const noexcept { return icon_; }

private:
    std::string name_;
    std::optional<std::string> description_ = {};
    std::optional<std::string> icon_ = {};
};

/// What to change of a server; what is not set stays as it is. At least one must be set.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ServerEdit {
public:
    ServerEdit() = default;
    ServerEdit& name(std::string text) & { return name_ = std::move(text), *this; }
    ServerEdit&& name(std::string text) && { return std::move(name(std::move(text))); }
    ServerEdit& description(std::string text) & { return description_ = std::move(text), *this; }
    ServerEdit&& description(std::string text) && { return std::move(description(std::move(text))); }

    const std::optional<std::string>& name() const noexcept { return name_; }
    const std::optional<std::string>& description() const noexcept { return description_; }

private:
    std::optional<std::string> name_ = {};
    std::optional<std::string> description_ = {};
};

/// A channel to be made: name 1-100 code points, topic at most 1024 (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewChannel {
public:
    NewChannel(std::string name, ChannelType type = ChannelType::text)  // NOLINT(google-explicit-constructor)
        : name_(std::move(name)), type_(type) {}
    NewChannel(const char* name, ChannelType type = ChannelType::text)  // NOLINT(google-explicit-constructor)
        : name_(name), type_(type) {}
    NewChannel& topic(std::string text) & { return topic_ = std::move(text), *this; }
    NewChannel&& topic(std::string text) && { return std::move(topic(std::move(text))); }
    NewChannel& position(int index) & { return position_ = index, *this; }
    NewChannel&& position(int index) && { return std::move(position(index)); }

    const std::string& name() const noexcept { return name_; }
    ChannelType type() const noexcept { return type_; }
    const std::optional<std::string>& topic() const noexcept { return topic_; }
    std::optional<int> position() const noexcept { return position_; }

private:
    std::string name_;
    ChannelType type_;
    std::optional<std::string> topic_ = {};
    std::optional<int> position_ = {};
};

/// What to change of a channel; what is not set stays as it is. At least one must be set.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ChannelEdit {
public:
    ChannelEdit() = default;
    ChannelEdit& name(std::string text) & { return name_ = std::move(text), *this; }
    ChannelEdit&& name(std::string text) && { return std::move(name(std::move(text))); }
    ChannelEdit& topic(std::string text) & { return topic_ = std::move(text), *this; }
    ChannelEdit&& topic(std::string text) && { return std::move(topic(std::move(text))); }
    ChannelEdit& position(int index) & { return position_ = index, *this; }
    ChannelEdit&& position(int index) && { return std::move(position(index)); }

    const std::optional<std::string>& name() const noexcept { return name_; }
    const std::optional<std::string>& topic() const noexcept { return topic_; }
    std::optional<int> position() const noexcept { return position_; }

private:
    std::optional<std::string> name_ = {};
    std::optional<std::string> topic_ = {};
    std::optional<int> position_ = {};
};

}  // namespace intent
