// The handlers of commands, type-erased.
#pragma once

#include <intent/commands/context.hpp>
#include <intent/detail/command_pattern.hpp>
#include <intent/detail/command_types.hpp>
#include <intent/detail/keep_function.hpp>
#include <intent/task.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

/// Calls the function of a command, with its arguments made from the values.
using CommandCall = task<> (*)(void* function, Context&& context, CommandValues& values);

/// The function of a new command, and the types of its parameters. Whoever receives it destroys the function.
struct MadeCommand {
    KeptFunction function = {};
    CommandCall call = nullptr;
    std::span<const ParameterType> types = {};  ///< static
};

template <class R, class First, class Indices, class... A>
struct CommandShape;
/// The parameters of a function behind the first one.
template <class R, class First, std::size_t... I, class... A>
struct CommandShape<R, First, std::index_sequence<I...>, A...> {
    using result = R;
    using first = First;
    static constexpr bool is_by_value = (!std::is_reference_v<A> && ...);
    static constexpr bool is_readable = (TypeOf<std::remove_cvref_t<A>>::type.known && ...);
    static constexpr std::array<ParameterType, sizeof...(A)> types{TypeOf<std::remove_cvref_t<A>>::type...};

    template <class F>
    static R call(void* function, Context&& context, [[maybe_unused]] CommandValues& values) {
        return (*static_cast<F*>(function))(std::move(context), TakeArgument<A>::from(values[I])...);
    }
};

template <class R>
struct CommandShapeWithoutContext {
    using result = R;
    using first = void;
    static constexpr bool is_by_value = true;
    static constexpr bool is_readable = true;
    static constexpr std::array<ParameterType, 0> types{};
};

template <class F>
struct CommandSignature;
template <class F>
requires requires { &F::operator(); }
struct CommandSignature<F> : CommandSignature<decltype(&F::operator())> {};
template <class R>
struct CommandSignature<R (*)()> : CommandShapeWithoutContext<R> {};
template <class R, class First, class... A>
struct CommandSignature<R (*)(First, A...)> : CommandShape<R, First, std::index_sequence_for<A...>, A...> {};
template <class C, class R, class... A>
struct CommandSignature<R (C::*)(A...)> : CommandSignature<R (*)(A...)> {};
template <class C, class R, class... A>
struct CommandSignature<R (C::*)(A...) const> : CommandSignature<R (*)(A...)> {};

template <class F>
concept HasCommandSignature = requires {
    typename CommandSignature<F>::result;
};

template <class F>
consteval bool is_command_function() {
    if constexpr (HasCommandSignature<F>) {
        using S = CommandSignature<F>;
        return std::is_same_v<typename S::first, Context> && std::is_same_v<typename S::result, task<>> &&
               S::is_by_value && S::is_readable;
    } else {
        return false;
    }
}

/// "roll <times> [sides]", checked against the handler when it is compiled.
template <class F>
class CommandPattern {
public:
    template <class S>
    requires std::convertible_to<const S&, std::string_view>
    consteval CommandPattern(const S& text) : text_(text) {  // NOLINT(google-explicit-constructor)
        if constexpr (is_command_function<F>()) {
            constexpr auto& types = CommandSignature<F>::types;
            check_pattern(text_, types.data(), types.size());
        }
    }
    constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

/// Refuses a function that cannot be a command, with the reason.
template <class F>
consteval void check_command_function() {
    constexpr bool has_signature = HasCommandSignature<F>;  // of a concept itself, g++ lists what it requires
    static_assert(has_signature,
                  "intent: a command is one function or lambda that writes out the types of its parameters, such as "
                  "[](intent::Context ctx, int times) -> intent::task<> { … }");
    if constexpr (HasCommandSignature<F>) {
        using S = CommandSignature<F>;
        static_assert(std::is_same_v<typename S::first, Context>,
                      "intent: the first parameter of a command is an intent::Context, by value");
        static_assert(std::is_same_v<typename S::result, task<>>,
                      "intent: a command is a coroutine that returns intent::task<>");
        static_assert(S::is_by_value,
                      "intent: a command takes its arguments by value; a reference dangles after the first co_await");
        static_assert(S::is_readable,
                      "intent: a parameter of the command has a type that cannot be read from text; specialize "
                      "intent::Argument for it, or intent::Choices for an enumeration");
    }
}

template <class F>
MadeCommand make_command(F function) {
    check_command_function<F>();
    if constexpr (is_command_function<F>()) {
        using S = CommandSignature<F>;
        return {erase_function<F>(std::move(function)), &S::template call<F>, S::types};
    } else {
        return {};
    }
}

/// A member function bound to its object.
template <class M, class O>
struct BoundCommand {
    M member;
    O* object;
    template <class... A>
    task<> operator()(Context context, A&&... arguments) const {
        return (object->*member)(std::move(context), std::forward<A>(arguments)...);
    }
};

template <class M, class O>
MadeCommand make_member_command(M member, O* object) {
    check_command_function<M>();
    if constexpr (is_command_function<M>()) {
        using Bound = BoundCommand<M, O>;
        using S = CommandSignature<M>;
        return {erase_function(Bound{member, object}), &S::template call<Bound>, S::types};
    } else {
        return {};
    }
}

}  // namespace intent::detail
