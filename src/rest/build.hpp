// The building blocks of requests: JSON bodies, and paths in the forms to send, to show and to count.
#pragma once

#include "codec/describe.hpp"
#include "codec/fields_bodies.hpp"
#include "rest/request.hpp"
#include "rest/validate.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace intent::rest {

/// The JSON body of a request, or the problem with the arguments.
struct Content {
    std::string json = {};
    Wrong wrong = {};
};

/// Writes a body after the checks of its table. `wrong` is the problem that the caller has found, if any.
template <class T>
Content content_of(const T& body, Wrong wrong = {}) {
    if (!wrong) wrong = check_fields(body);
    if (wrong) return {.wrong = std::move(wrong)};
    return {.json = codec::to_json(body)};
}

/// Writes the body of an edit, which must change something.
template <class T>
Content changes_of(const T& body) {
    auto content = content_of(body);
    if (content.json == "{}") content.wrong = "changes: nothing is set; set at least one field";
    return content;
}

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

    Call call(std::string method, Content content = {});

private:
    void check(std::string_view name, std::uint64_t id) {
        if (wrong_) return;
        wrong_ = check_id(id);
        if (wrong_) wrong_->insert(0, name);
    }

    std::string path_;
    std::string bucket_;
    std::string route_;
    Wrong wrong_;
    bool has_query_ = false;
};

inline Path server_path(ServerId id) { return std::move(Path().word("servers").major("server_id", id)); }
inline Path channel_path(ChannelId id) { return std::move(Path().word("channels").major("channel_id", id)); }

}  // namespace intent::rest
