// Answers with objects and lists.
#pragma once

#include "sandbox/base/shapes.hpp"
#include "sandbox/rest/handlers/handlers.hpp"

namespace intent::inline v0::sandbox {

template <class T>
ApiReply object_reply(int status, const T& value) {
    return {.status = status, .body = json_of(value)};
}

template <class T>
ApiReply Handlers::list(std::string_view key, const std::vector<T>& items) const {
    std::vector<std::string> texts;
    texts.reserve(items.size());
    for (const auto& item : items)
        texts.push_back(json_of(item));
    return list_json(key, texts);
}

}  // namespace intent::sandbox
