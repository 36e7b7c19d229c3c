// Arguments of calls about messages.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/limits.hpp>
#include <intent/raw/embed.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0 {

namespace raw {
struct MessageBody;  // complete in <intent/raw/bodies.hpp>
struct PageOptions;  // complete in <intent/raw/bodies.hpp>
}

/// An embed: `Embed{}.title("Build").description("passed").color(0x2ecc71)`. An empty embed is rejected when the
/// message is sent. Not every client shows embeds: `as_text` is for those that do not.
///
/// Errors: each setter throws ConfigError, which names the field, for a value beyond its limit (limits.hpp, protocol
/// §8).
class INTENT_API Embed : public detail::Body<raw::Embed> {
public:
    Embed() = default;
    /// Not checked before the message is sent.
    explicit Embed(raw::Embed embed);

    /// The heading, at most 256 code points.
    Embed& title(std::string text);
    /// The text, at most 4096 code points.
    Embed& description(std::string text);
    /// Where the title leads.
    Embed& url(std::string url);
    /// 0-0xFFFFFF.
    Embed& color(std::uint32_t rgb);
    /// A time that is shown in the footer.
    Embed& timestamp(Timestamp time);
    /// The last line, at most 2048 code points, and a small image before it.
    Embed& footer(std::string text, std::optional<std::string> icon_url = {});
    /// An image below the text.
    Embed& image(std::string url);
    /// A small image beside the text.
    Embed& thumbnail(std::string url);
    /// The first line: a name of at most 256 code points, where it leads, and a small image before it.
    Embed& author(std::string name, std::optional<std::string> url = {}, std::optional<std::string> icon_url = {});
    /// At most 25 fields; neither name nor value may be empty.
    Embed& field(std::string name, std::string value, bool is_inline = false);

    /// Its texts and links as plain text (`intent::as_text`): `channel.send(shorten(embed.as_text(), 2000))`.
    std::string as_text() const;
};

/// The content of a message: text, embeds or both. Text and an embed convert to it: `channel.send("hi")`,
/// `channel.send(Embed{}.title("Build"))`. Limits are checked when it is sent: 2000 code points, 10 embeds, not empty.
/// Direct messages accept only ciphertext (protocol §16). To read the fields of `get()`, include
/// <intent/raw/bodies.hpp>, as for every class of an argument.
class INTENT_API MessageBody : public detail::Body<raw::MessageBody> {
public:
    MessageBody() = default;
    /// A text.
    MessageBody(std::string content);       // NOLINT(google-explicit-constructor)
    MessageBody(std::string_view content);  // NOLINT(google-explicit-constructor)
    MessageBody(const char* content);       // NOLINT(google-explicit-constructor)
    /// An embed without text.
    MessageBody(const Embed& embed);  // NOLINT(google-explicit-constructor)

    /// Sets the text.
    MessageBody& content(std::string text);
    /// Adds an embed.
    MessageBody& embed(const Embed& embed);
    /// MLS ciphertext as base64, for an encrypted message. Cannot be combined with text or embeds.
    MessageBody& mls_ciphertext(std::string base64);

    /// The client deletes the message this long after it was posted:
    /// `channel.send(MessageBody("done").delete_after(10s))`. If it was deleted by then, nothing happens; another
    /// failure becomes an ErrorEvent with `where` set to "delete_after". `Client::stop` ends pending deletions: their
    /// messages stay. The end of a Scope does not.
    ///
    /// At most 100 years; for a negative time, and in a body that is not for a new message of the bot (an edit, a
    /// webhook), the call fails with ConfigError. Cost: 1 more request, in the 5 per 5 s of the channel's messages.
    MessageBody& delete_after(std::chrono::milliseconds time);

    /// The time after which the client deletes the message, if it does.
    const std::optional<std::chrono::milliseconds>& delete_after() const noexcept { return delete_after_; }

private:
    std::optional<std::chrono::milliseconds> delete_after_ = {};
};

/// A page of a list: at most `limit` (1-100, 50 if unset) entries before or after an id (protocol §9). `before` and
/// `after` cannot be combined.
class INTENT_API PageOptions : public detail::Body<raw::PageOptions> {
public:
    PageOptions() = default;
    /// At most this many entries, 1-100.
    PageOptions& limit(int count);
    /// Only entries older than this one.
    PageOptions& before(MessageId id);
    /// Only entries newer than this one.
    PageOptions& after(MessageId id);
};

}  // namespace intent
