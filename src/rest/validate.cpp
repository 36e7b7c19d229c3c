#include "rest/validate.hpp"

#include "codec/utf8.hpp"

#include <algorithm>

namespace intent::rest {

namespace {

using Wrong = std::optional<std::string>;

Wrong check_optional(const std::string& field, const std::optional<std::string>& text, std::size_t longest) {
    if (!text) return std::nullopt;
    return check_text(field, *text, 0, longest);
}

std::string count_of(std::size_t count, const char* what) { return std::to_string(count) + " " + what; }

bool is_base64(std::string_view text) noexcept {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
               c == '-' || c == '_';
    });
}

/// Checks a message that carries ciphertext (protocol §16).
Wrong check_encrypted(const MessageBody& body) {
    if (body.content() || !body.embeds().empty())
        return "mls_ciphertext: excludes content and embeds; an encrypted message contains its text";
    if (!is_base64(*body.mls_ciphertext())) return "mls_ciphertext: not base64, or empty";
    return std::nullopt;
}

}  // namespace

std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++count;
    }
    return count;
}

Wrong check_text(std::string_view field, std::string_view text, std::size_t shortest, std::size_t longest) {
    std::string name(field);
    if (const auto position = codec::first_invalid_utf8(text)) {
        return name + ": not valid UTF-8 at byte " + std::to_string(*position);
    }
    const std::size_t length = code_points(text);
    if (length < shortest && shortest == 1) return name + ": must not be empty";
    if (length < shortest || length > longest) {
        return name + ": " + count_of(length, "characters") + "; allowed are " +
               (shortest > 0 ? std::to_string(shortest) + " to " : "at most ") + std::to_string(longest);
    }
    return std::nullopt;
}

Wrong check_embed(const raw::Embed& embed, const std::string& field) {
    constexpr std::size_t longest_url = 2048;
    if (embed == raw::Embed{}) return field + ": empty; set at least one field, such as a title or a description";
    if (auto wrong = check_optional(field + ".title", embed.title, 256)) return wrong;
    if (auto wrong = check_optional(field + ".description", embed.description, 4096)) return wrong;
    if (auto wrong = check_optional(field + ".url", embed.url, longest_url)) return wrong;
    if (embed.color && *embed.color > 0xFFFFFF) return field + ".color: over 0xFFFFFF; allowed are 0 to 0xFFFFFF";
    if (embed.footer) {
        if (auto wrong = check_text(field + ".footer.text", embed.footer->text, 0, 2048)) return wrong;
    }
    if (embed.author) {
        if (auto wrong = check_text(field + ".author.name", embed.author->name, 0, 256)) return wrong;
    }
    for (const auto* image : {&embed.image, &embed.thumbnail}) {
        if (!*image) continue;
        const char* name = image == &embed.image ? ".image.url" : ".thumbnail.url";
        if (auto wrong = check_text(field + name, (*image)->url, 1, longest_url)) return wrong;
    }
    if (embed.fields.size() > 25)
        return field + ".fields: " + count_of(embed.fields.size(), "fields") + "; allowed are at most 25";
    for (std::size_t i = 0; i < embed.fields.size(); ++i) {
        const std::string one = field + ".fields[" + std::to_string(i) + "]";
        if (auto wrong = check_text(one + ".name", embed.fields[i].name, 1, 256)) return wrong;
        if (auto wrong = check_text(one + ".value", embed.fields[i].value, 1, 1024)) return wrong;
    }
    return std::nullopt;
}

Wrong check_webhook_message(const MessageBody& body) {
    if (body.mls_ciphertext()) return "mls_ciphertext: a webhook's messages are not encrypted";
    return check_message(body);
}

Wrong check_message(const MessageBody& body) {
    if (body.mls_ciphertext()) return check_encrypted(body);
    const bool empty_text = !body.content() || body.content()->empty();
    if (empty_text && body.embeds().empty()) return "content: empty, and there are no embeds; one of them is needed";
    if (body.content()) {
        if (auto wrong = check_text("content", *body.content(), 0, 2000)) return wrong;
    }
    if (body.embeds().size() > 10)
        return "embeds: " + count_of(body.embeds().size(), "embeds") + "; allowed are at most 10";
    for (std::size_t i = 0; i < body.embeds().size(); ++i) {
        if (auto wrong = check_embed(body.embeds()[i], "embeds[" + std::to_string(i) + "]")) return wrong;
    }
    return std::nullopt;
}

Wrong check_id_count(std::string_view field, std::size_t count, std::size_t fewest, std::size_t most) {
    if (count >= fewest && count <= most) return std::nullopt;
    return std::string(field) + ": " + count_of(count, "ids") + "; allowed are " + std::to_string(fewest) + " to " +
           std::to_string(most);
}

Wrong check_page(const PageOptions& page) {
    if (page.limit() && (*page.limit() < 1 || *page.limit() > 100)) {
        return "limit: " + std::to_string(*page.limit()) + "; allowed are 1 to 100";
    }
    if (page.before() && page.after()) return "before, after: both are set; give one of them";
    return std::nullopt;
}

}  // namespace intent::rest
