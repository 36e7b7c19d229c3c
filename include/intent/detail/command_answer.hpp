// Answers to a command's questions, read as the types of parameters.
#pragma once

#include <intent/commands/context.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/detail/command_types.hpp>
#include <intent/task.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace intent::inline v0 {

namespace detail {

template <class T>
task<std::optional<T>> take_answer(task<std::vector<CommandValue>> asking) {
    std::vector<CommandValue> values = co_await std::move(asking);
    if (values.empty()) co_return std::nullopt;
    co_return TakeArgument<T>::from(values);
}

}  // namespace detail

template <class T>
task<std::optional<T>> Context::ask(MessageBody question, std::chrono::milliseconds timeout, int attempts) const {
    constexpr const detail::ParameterType& type = detail::TypeOf<T>::type;
    static_assert(type.known,
                  "intent: ask<T>: a T cannot be read from text; specialize intent::Argument for it, or "
                  "intent::Choices for an enumeration");
    static_assert(type.form != detail::ParameterType::Form::optional,
                  "intent: ask<T> returns an optional by itself: ask<T>, not ask<std::optional<T>>");
    return detail::take_answer<T>(ask_values(type, std::move(question), timeout, attempts));
}

}  // namespace intent
