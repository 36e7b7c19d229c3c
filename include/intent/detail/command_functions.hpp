// The functions that a bot gives to its commands, type-erased: checks, error handlers, prefixes.
#pragma once

#include <intent/commands/context.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/keep_function.hpp>
#include <intent/detail/test.hpp>
#include <intent/message.hpp>
#include <intent/task.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

class Error;

}  // namespace intent

namespace intent::inline v0::detail {

/// Decides whether a command may run.
struct CommandCheck {
    std::shared_ptr<void> function = {};
    task<bool> (*call)(void* function, Context context) = nullptr;
    std::string refusal = {};  ///< the text if it returns false
};

/// A task that has ended with this result.
INTENT_API task<bool> ended_check(bool result);

template <class F>
CommandCheck make_check(F function, std::string refusal) {
    using R = std::invoke_result_t<F&, Context>;
    constexpr bool is_check = std::is_same_v<R, bool> || std::is_same_v<R, task<bool>>;
    static_assert(is_check, "intent: a check takes an intent::Context and returns bool or intent::task<bool>");
    const auto call = [](void* erased, Context context) -> task<bool> {
        F& check = *static_cast<F*>(erased);
        if constexpr (std::is_same_v<R, bool>) {
            return ended_check(check(std::move(context)));
        } else if constexpr (is_check) {
            return check(std::move(context));
        } else {
            return ended_check(false);
        }
    };
    return {keep_function<F>(std::move(function)), call, std::move(refusal)};
}

/// Handles errors of one type. The task returns false for an error of another type.
struct CommandErrorHandler {
    std::shared_ptr<void> function = {};
    task<bool> (*call)(void* function, Context context, std::exception_ptr error) = nullptr;
};

template <class F>
struct ErrorSignature : ErrorSignature<decltype(&F::operator())> {};
template <class R, class C, class E>
struct ErrorSignature<R (*)(C, E)> {
    using result = R;
    using context = C;
    using error = E;
};
template <class O, class R, class C, class E>
struct ErrorSignature<R (O::*)(C, E)> : ErrorSignature<R (*)(C, E)> {};
template <class O, class R, class C, class E>
struct ErrorSignature<R (O::*)(C, E) const> : ErrorSignature<R (*)(C, E)> {};

template <class F, class E>
task<bool> handle_error(F& function, Context context, std::exception_ptr error) {
    if constexpr (std::is_same_v<E, std::exception_ptr>) {
        auto handling = function(std::move(context), std::move(error));
        co_await std::move(handling);
    } else {
        std::optional<E> caught;
        try {
            std::rethrow_exception(std::move(error));
        } catch (const E& one) {
            caught.emplace(one);
        } catch (...) {
        }
        if (!caught) co_return false;
        auto handling = function(std::move(context), *std::move(caught));
        co_await std::move(handling);
    }
    co_return true;
}

template <class F>
CommandErrorHandler make_error_handler(F function) {
    using S = ErrorSignature<F>;
    using E = typename S::error;
    static_assert(std::is_same_v<typename S::context, Context> && std::is_same_v<typename S::result, task<>>,
                  "intent: an error handler is a coroutine [](intent::Context ctx, E error) -> intent::task<>");
    static_assert(std::is_same_v<E, std::exception_ptr> || std::is_base_of_v<Error, E>,
                  "intent: an error handler takes, by value, a class that derives from intent::Error, or a "
                  "std::exception_ptr for every error");
    const auto call = [](void* erased, Context context, std::exception_ptr error) {
        return handle_error<F, E>(*static_cast<F*>(erased), std::move(context), std::move(error));
    };
    return {keep_function<F>(std::move(function)), call};
}

/// Chooses the prefixes of a message.
struct PrefixChooser {
    std::shared_ptr<void> function = {};
    task<std::vector<std::string>> (*call)(void* function, Message message) = nullptr;
};

/// The result of `one` as a list.
INTENT_API task<std::vector<std::string>> as_list(task<std::string> one);

template <class F>
PrefixChooser make_prefix_chooser(F function) {
    using R = std::invoke_result_t<F&, Message>;
    constexpr bool is_list = std::is_same_v<R, task<std::vector<std::string>>>;
    constexpr bool is_prefix = is_list || std::is_same_v<R, task<std::string>>;
    static_assert(is_prefix,
                  "intent: a prefix is text, or a coroutine that takes an intent::Message by value and returns "
                  "intent::task<std::string> or intent::task<std::vector<std::string>>");
    if constexpr (is_prefix) {
        const auto call = [](void* erased, Message message) -> task<std::vector<std::string>> {
            F& prefix = *static_cast<F*>(erased);
            if constexpr (is_list) {
                return prefix(std::move(message));
            } else {
                return as_list(prefix(std::move(message)));
            }
        };
        return {keep_function<F>(std::move(function)), call};
    } else {
        return {};
    }
}

}  // namespace intent::detail
