// Answers with objects and lists, for api*.cpp.
#pragma once

#include "codec/convert.hpp"
#include "sandbox/api.hpp"

namespace intent::sandbox {

template <class T>
ApiReply object_reply(int status, const T& value) {
    return {.status = status, .body = codec::to_json(value)};
}

inline ApiReply empty_reply() { return {.status = 204}; }

template <class T>
ApiReply Api::list(std::string_view key, const std::vector<T>& items) const {
    std::string body = "[";
    for (const auto& item : items) {
        if (body.size() > 1) body += ',';
        body += codec::to_json(item);
    }
    body += ']';
    if (dialect_ == SandboxDialect::web) body = "{\"" + std::string(key) + "\":" + body + "}";
    return {.status = 200, .body = std::move(body)};
}

}  // namespace intent::sandbox
