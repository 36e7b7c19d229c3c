// Embeds as plain text.
#include <intent/bodies/message.hpp>
#include <intent/text.hpp>

namespace intent::inline v0 {

namespace {

/// Lines in blocks; blocks are separated by blank lines.
class Page {
public:
    void begin_block() { new_block_ = !text_.empty(); }
    void add_line(std::string_view line) {
        if (line.empty()) return;
        if (!text_.empty()) text_ += new_block_ ? "\n\n" : "\n";
        new_block_ = false;
        text_ += line;
    }
    std::string take() && { return std::move(text_); }

private:
    std::string text_;
    bool new_block_ = false;
};

std::string with_link(std::string text, const std::optional<std::string>& url) {
    return url ? text + " <" + *url + ">" : text;
}

}  // namespace

std::string as_text(const raw::Embed& embed) {
    Page page;
    if (embed.author) page.add_line(with_link(embed.author->name, embed.author->url));
    if (embed.title) page.add_line(*embed.title);
    if (embed.url) page.add_line(*embed.url);
    if (embed.description) page.add_line(*embed.description);
    page.begin_block();
    for (const auto& field : embed.fields) {
        const bool is_one_line = field.value.find('\n') == std::string::npos;
        page.add_line(field.name + (is_one_line ? ": " : ":\n") + field.value);
    }
    page.begin_block();
    if (embed.image) page.add_line(embed.image->url);
    if (embed.thumbnail) page.add_line(embed.thumbnail->url);
    page.begin_block();
    if (embed.footer) page.add_line(embed.footer->text);
    if (embed.timestamp) page.add_line(format_timestamp(*embed.timestamp));
    return std::move(page).take();
}

std::string Embed::as_text() const { return intent::as_text(get()); }

}  // namespace intent
