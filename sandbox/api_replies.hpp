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
    std::vector<std::string> texts;
    texts.reserve(items.size());
    for (const auto& item : items)
        texts.push_back(codec::to_json(item));
    return list_json(key, texts);
}

}  // namespace intent::sandbox
