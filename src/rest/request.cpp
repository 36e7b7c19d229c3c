#include "rest/request.hpp"

#include "codec/convert.hpp"
#include "codec/writer.hpp"
#include "rest/validate.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace intent::rest {

namespace {

using Wrong = std::optional<std::string>;

/// A JSON object, collected as MessagePack, which the codec turns into text.
class Body {
public:
    void text(std::string_view key, const std::optional<std::string>& value) {
        if (!value) return;
        begin(key).text(*value);
    }
    void integer(std::string_view key, std::optional<int> value) {
        if (value) begin(key).integer(*value);
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
        return json ? *std::move(json) : std::string();  // what was just written is MessagePack
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

/// The parts of a path: what is sent, what the bucket is called, what errors show.
class Path {
public:
    Path& word(std::string_view text) {
        for (std::string* part : {&path_, &bucket_, &route_}) {
            part->push_back('/');
            part->append(text);
        }
        return *this;
    }

    /// An id that has limits of its own (protocol §10).
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

    Path& query(std::string_view key, const std::string& value) {
        path_ += (std::exchange(has_query_, true) ? "&" : "?") + std::string(key) + "=" + value;
        return *this;
    }

    Call call(std::string method, const Wrong& wrong = {}, std::string body = {}) {
        if (wrong_) return Invalid{*std::move(wrong_)};
        if (wrong) return Invalid{*wrong};
        std::string bucket = method + " " + bucket_;
        return Request{std::move(method), std::move(path_), std::move(route_), std::move(bucket), std::move(body)};
    }

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

Path server_path(ServerId id) { return std::move(Path().word("servers").major("server_id", id)); }
Path channel_path(ChannelId id) { return std::move(Path().word("channels").major("channel_id", id)); }
Path messages_path(ChannelId channel) { return std::move(channel_path(channel).word("messages")); }
Path message_path(ChannelId channel, MessageId id) { return std::move(messages_path(channel).minor("message_id", id)); }

Wrong first(Wrong one, const auto& next) { return one ? one : next(); }

Wrong check_optional_text(std::string_view field, const std::optional<std::string>& text, std::size_t shortest,
                          std::size_t longest) {
    return text ? check_text(field, *text, shortest, longest) : std::nullopt;
}

Wrong check_not_empty(const Body& body) {
    if (!body.empty()) return std::nullopt;
    return "changes: nothing is set; set at least one field";
}

}  // namespace

Call get_servers() { return Path().word("servers").call("GET"); }
Call get_server(ServerId id) { return server_path(id).call("GET"); }

Call create_server(const NewServer& server) {
    auto wrong = check_text("name", server.name(), 2, 100);
    wrong = first(std::move(wrong), [&] { return check_optional_text("description", server.description(), 0, 500); });
    Body body;
    body.text("name", server.name());
    body.text("icon", server.icon());
    body.text("description", server.description());
    return Path().word("servers").call("POST", wrong, body.json());
}

Call edit_server(ServerId id, const ServerEdit& changes) {
    Body body;
    body.text("name", changes.name());
    body.text("description", changes.description());
    auto wrong = check_optional_text("name", changes.name(), 2, 100);
    wrong = first(std::move(wrong), [&] { return check_optional_text("description", changes.description(), 0, 500); });
    wrong = first(std::move(wrong), [&] { return check_not_empty(body); });
    return server_path(id).call("PATCH", wrong, body.json());
}

Call delete_server(ServerId id) { return server_path(id).call("DELETE"); }
Call leave_server(ServerId id) { return server_path(id).word("members").word("@me").call("DELETE"); }
Call get_members(ServerId id) { return server_path(id).word("members").call("GET"); }

Call get_channels(ServerId id) { return server_path(id).word("channels").call("GET"); }
Call get_channel(ChannelId id) { return channel_path(id).call("GET"); }

Call create_channel(ServerId id, const NewChannel& channel) {
    auto wrong = check_text("name", channel.name(), 1, 100);
    wrong = first(std::move(wrong), [&] { return check_optional_text("topic", channel.topic(), 0, 1024); });
    Body body;
    body.text("name", channel.name());
    body.integer("type", static_cast<int>(channel.type()));
    body.text("topic", channel.topic());
    body.integer("position", channel.position());
    return server_path(id).word("channels").call("POST", wrong, body.json());
}

Call edit_channel(ChannelId id, const ChannelEdit& changes) {
    Body body;
    body.text("name", changes.name());
    body.text("topic", changes.topic());
    body.integer("position", changes.position());
    auto wrong = check_optional_text("name", changes.name(), 1, 100);
    wrong = first(std::move(wrong), [&] { return check_optional_text("topic", changes.topic(), 0, 1024); });
    wrong = first(std::move(wrong), [&] { return check_not_empty(body); });
    return channel_path(id).call("PATCH", wrong, body.json());
}

Call delete_channel(ChannelId id) { return channel_path(id).call("DELETE"); }

Call get_messages(ChannelId channel, const PageOptions& page) {
    Path path = messages_path(channel);
    if (page.limit()) path.query("limit", std::to_string(*page.limit()));
    if (page.before()) path.query("before", page.before()->str());
    if (page.after()) path.query("after", page.after()->str());
    return path.call("GET", check_page(page));
}

Call get_message(ChannelId channel, MessageId id) { return message_path(channel, id).call("GET"); }

Call create_message(ChannelId channel, const MessageBody& message) {
    Body body;
    body.text("content", message.content());
    body.embeds(message.embeds());
    return messages_path(channel).call("POST", check_message(message), body.json());
}

Call edit_message(ChannelId channel, MessageId id, const MessageBody& message) {
    auto wrong = check_message(message);
    if (!message.embeds().empty()) wrong = "embeds: an edit changes the content only (protocol §9)";
    Body body;
    body.text("content", message.content());
    return message_path(channel, id).call("PATCH", wrong, body.json());
}

Call delete_message(ChannelId channel, MessageId id) { return message_path(channel, id).call("DELETE"); }

Call get_current_user() { return Path().word("users").word("@me").call("GET"); }
Call get_user(UserId id) { return Path().word("users").minor("user_id", id).call("GET"); }

Call get_path(std::string_view path) {
    if (path.empty() || path.front() != '/') return Invalid{"path: must begin with '/', e.g. /servers"};
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || c == '#' || c == '\\') {
            return Invalid{
                "path: holds white space, a control byte, '#', '\\' or a byte outside ASCII; percent-encode it"};
        }
    }
    const std::string_view plain = path.substr(0, path.find('?'));
    if (plain.find("..") != std::string_view::npos || plain.find("//") != std::string_view::npos) {
        return Invalid{"path: must not hold \"..\" or \"//\""};
    }
    std::string text(plain);
    return Request{"GET", std::string(path), text, "GET " + text};
}

std::string message_bucket(ChannelId channel) { return "POST /channels/" + channel.str() + "/messages"; }

}  // namespace intent::rest
