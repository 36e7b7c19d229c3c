#include "tools/intent/support/json.hpp"

#include "tools/intent/support/command.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace tool {

namespace json = boost::json;

namespace {

std::string_view kind_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return "null";
        case json::kind::bool_:
            return "a boolean";
        case json::kind::string:
            return "text";
        case json::kind::array:
            return "a list";
        case json::kind::object:
            return "an object";
        default:
            return "a number";
    }
}

/// The list element with the index `word`; appends one if it is the index after the last.
json::value& element(json::array& list, std::string_view word, const std::string& what) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), index);
    if (error != std::errc() || end != word.data() + word.size() || index > list.size()) {
        throw WrongUsage(what + ": \"" + std::string(word) + "\" is not an index of a list of " +
                         std::to_string(list.size()) + " (0-" + std::to_string(list.size()) + ")");
    }
    if (index == list.size()) list.emplace_back(nullptr);
    return list[index];
}

}  // namespace

std::optional<json::value> parsed_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = 100;  // events nest up to 64 levels, and responses wrap them
    json::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return std::nullopt;
    return value;
}

const json::value& at(const json::value& object, std::string_view name) {
    static const json::value none;
    const auto* fields = object.if_object();
    const auto* value = fields ? fields->if_contains(name) : nullptr;
    return value ? *value : none;
}

std::string text_at(const json::value& object, std::string_view name) {
    const auto* text = at(object, name).if_string();
    return text ? std::string(text->data(), text->size()) : std::string();
}

const json::array& list_at(const json::value& object, std::string_view name) {
    static const json::array none;
    const auto* list = at(object, name).if_array();
    return list ? *list : none;
}

std::pair<std::string, std::string> split_setting(std::string_view flag, std::string_view text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == text.npos) {
        throw WrongUsage(std::string(flag) + " " + std::string(text) + ": expected a name, '=' and a value");
    }
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

json::value json_of(std::string_view flag, std::string_view path, std::string_view text) {
    auto value = parsed_json(text);
    if (!value) {
        throw WrongUsage(std::string(flag) + " " + std::string(path) + ": " + std::string(text) +
                         " is not JSON; text needs double quotes, e.g. " + std::string(path) + "='\"hi\"'");
    }
    return *std::move(value);
}

void set_at(json::value& root, std::string_view flag, std::string_view path, json::value value) {
    const std::string what = std::string(flag) + " " + std::string(path);
    json::value* place = &root;
    std::string walked;
    for (std::string_view rest = path;;) {
        const auto dot = rest.find('.');
        const std::string_view word = rest.substr(0, dot);
        if (word.empty()) throw WrongUsage(what + ": a name between the dots is empty");
        if (place->is_null()) place->emplace_object();
        if (auto* object = place->if_object()) {
            place = &(*object)[word];
        } else if (auto* list = place->if_array()) {
            place = &element(*list, word, what);
        } else {
            throw WrongUsage(what + ": " + (walked.empty() ? "the whole" : walked) + " is " +
                             std::string(kind_of(*place)) + ", not an object");
        }
        walked += walked.empty() ? "" : ".";
        walked += word;
        if (dot == rest.npos) break;
        rest.remove_prefix(dot + 1);
    }
    *place = std::move(value);
}

std::string read_input(std::string_view flag, const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream file(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), {}};
    // Opening a folder succeeds; reading from it fails.
    if (!file.is_open() || file.bad() || (content.empty() && errno == EISDIR)) {
        throw WrongUsage(std::string(flag) + " " + path + ": " + std::generic_category().message(errno));
    }
    return content;
}

json::value read_json(std::string_view flag, const std::string& path) {
    auto value = parsed_json(read_input(flag, path));
    if (!value) throw WrongUsage(std::string(flag) + " " + path + ": does not contain JSON");
    return *std::move(value);
}

}  // namespace tool
