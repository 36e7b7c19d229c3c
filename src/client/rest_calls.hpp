// The coroutines that REST calls are made of.
#pragma once

#include "client/rest_core.hpp"
#include "codec/convert.hpp"
#include "rest/request.hpp"

#include <intent/errors.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::client {

using Core = std::shared_ptr<detail::RestCore>;

[[noreturn]] inline void unreadable(const Core& core, const rest::Call& call, const net::HttpResponse& answer,
                                    const codec::Failure& failure) {
    const auto& request = std::get<rest::Request>(call);
    throw DecodeError(request.method + " " + request.route + ": " + std::to_string(answer.status) +
                      " with an unreadable body: " + core->secrets().with(request.secret).redact(failure.text()));
}

// These are coroutines that own all they use: the RestClient may go away while they run.

template <class Structure, class Raw>
task<Structure> call_for_one(Core core, rest::Call call, std::string_view key) {
    const UnderWay under_way(core->freshness());
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto value = codec::from_json_wrapped<Raw>(answer.body, key);
    if (!value) unreadable(core, call, answer, value.failure());
    if constexpr (requires { core->saw(*value, under_way.mark()); }) core->saw(*value, under_way.mark());
    co_return Structure(*std::move(value), ClientRef(core));
}

template <class Structure, class Raw>
task<std::vector<Structure>> call_for_list(Core core, rest::Call call, std::string_view key) {
    const UnderWay under_way(core->freshness());
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto values = codec::from_json_list<Raw>(answer.body, key);
    if (!values) unreadable(core, call, answer, values.failure());
    std::vector<Structure> list;
    list.reserve(values->size());
    for (auto& value : *values) {
        if constexpr (requires { core->saw(value, under_way.mark()); }) core->saw(value, under_way.mark());
        list.emplace_back(std::move(value), ClientRef(core));
    }
    co_return list;
}

/// A value that is plain data.
template <class Raw>
task<Raw> call_for_value(Core core, rest::Call call) {
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto value = codec::from_json<Raw>(answer.body);
    if (!value) unreadable(core, call, answer, value.failure());
    co_return *std::move(value);
}

template <class Raw>
task<std::vector<Raw>> call_for_values(Core core, rest::Call call, std::string_view key) {
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto values = codec::from_json_list<Raw>(answer.body, key);
    if (!values) unreadable(core, call, answer, values.failure());
    co_return *std::move(values);
}

inline task<> call_for_nothing(Core core, rest::Call call) {
    detail::RestCall running(std::move(core), std::move(call));
    co_await running;
}

enum class EmptyAnswer { refused, allowed };

/// The JSON text of an answer. Errors: DecodeError if it is something else.
inline task<std::string> call_for_json(Core core, rest::Call call, EmptyAnswer empty) {
    detail::RestCall running(core, call);
    auto answer = co_await running;
    if (!answer.body.empty() || empty == EmptyAnswer::refused) {
        const auto parsed = codec::json_to_msgpack(answer.body);
        if (!parsed) unreadable(core, call, answer, parsed.failure());
    }
    co_return std::move(answer.body);
}

}  // namespace intent::client
