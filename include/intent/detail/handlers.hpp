// Type-erased handlers, as `on`, `once` and `on_in_order` make them.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/detail/keep_function.hpp>
#include <intent/detail/owned.hpp>
#include <intent/events.hpp>
#include <intent/task.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class A>
struct Signature<R (*)(A)> {
    using result = R;
    using argument = A;
};
template <class R, class A>
struct Signature<R (*)(A) noexcept> : Signature<R (*)(A)> {};
template <class C, class R, class A>
struct Signature<R (C::*)(A)> : Signature<R (*)(A)> {};
template <class C, class R, class A>
struct Signature<R (C::*)(A) const> : Signature<R (*)(A)> {};
template <class C, class R, class A>
struct Signature<R (C::*)(A) noexcept> : Signature<R (*)(A)> {};
template <class C, class R, class A>
struct Signature<R (C::*)(A) const noexcept> : Signature<R (*)(A)> {};

template <class F>
concept HasSignature = requires {
    typename Signature<F>::argument;
};

/// A member function bound to its object.
template <class M, class O>
class Bound {
public:
    Bound(M member, O* object) : member_(member), object_(object) {}
    typename Signature<M>::result operator()(typename Signature<M>::argument event) const {
        return (object_->*member_)(static_cast<typename Signature<M>::argument&&>(event));
    }

private:
    M member_;
    O* object_;
};

/// A type-erased handler. `event` points to an event of the type that it was subscribed for.
class INTENT_API Handler {
public:
    virtual ~Handler();
    virtual void call(const void* event, const Origin& origin) = 0;

    /// Ends the handler: no call begins after this, not even for waiting events.
    virtual void end() noexcept;
};

/// Calls a handler that is a plain function.
template <class E, class F>
void call_function(void* erased, const void* event) {
    using A = typename Signature<F>::argument;
    F& function = *static_cast<F*>(erased);
    if constexpr (std::is_rvalue_reference_v<A> ||
                  (std::is_lvalue_reference_v<A> && !std::is_const_v<std::remove_reference_t<A>>)) {
        E copy = *static_cast<const E*>(event);
        function(static_cast<A>(copy));
    } else {
        function(*static_cast<const E*>(event));
    }
}

/// Starts a handler that is a coroutine.
template <class E, class F>
task<> start_coroutine(void* function, const void* event) {
    return (*static_cast<F*>(function))(*static_cast<const E*>(event));
}

/// An event that waits until the previous event's coroutine has ended.
class WaitingCall {
public:
    virtual ~WaitingCall() = default;
    virtual task<> start() = 0;
};

/// Calls a coroutine for the events of a channel one after the other. Waiting events count in the queue's limit and
/// hold their pending dispatch: a dispatch is handled when its own coroutine has ended.
class INTENT_API InOrderHandler : public Handler {
public:
    void call(const void* event, const Origin& origin) final;
    void end() noexcept final;
    ~InOrderHandler() override;

    /// From now on, events of both types wait for each other; the end of one handler ends both. Call it before the
    /// first event.
    void share_queues_of(const InOrderHandler& other) noexcept { queues_ = other.queues_; }

protected:
    InOrderHandler();
    virtual Owned<WaitingCall> keep(const void* event) = 0;

private:
    struct Queues;
    std::shared_ptr<Queues> queues_;
};

template <class E, class F>
class InOrderCoroutine final : public InOrderHandler {
public:
    explicit InOrderCoroutine(std::shared_ptr<void> function) : function_(std::move(function)) {}

protected:
    Owned<WaitingCall> keep(const void* event) override {
        return Owned<WaitingCall>(new Call(*static_cast<const E*>(event), function_));
    }

private:
    class Call final : public WaitingCall {
    public:
        Call(const E& event, std::shared_ptr<void> function) : event_(event), function_(std::move(function)) {}
        task<> start() override { return (*static_cast<F*>(function_.get()))(std::move(event_)); }

    private:
        E event_;
        std::shared_ptr<void> function_;
    };
    std::shared_ptr<void> function_;
};

/// A handler and the index of its event. The classes of the handlers are in the library, so the type of a bot's
/// function costs its source only the two functions above.
struct INTENT_API MadeHandler {
    MadeHandler();
    MadeHandler(std::size_t of, Handler* owned) noexcept;
    MadeHandler(std::size_t of, KeptFunction function, void (*call)(void* function, const void* event));
    MadeHandler(std::size_t of, KeptFunction function, task<> (*start)(void* function, const void* event));
    MadeHandler(MadeHandler&&) noexcept;
    MadeHandler& operator=(MadeHandler&&) noexcept;
    ~MadeHandler();

    std::size_t event = 0;
    Owned<Handler> handler = {};
};

enum class Order { none, of_channel };

template <Order order, class F>
MadeHandler make_handler(F handler) {
    using Plain = std::decay_t<F>;
    static_assert(!std::is_member_function_pointer_v<Plain>,
                  "intent: a member function needs its object: on(&Bot::on_message, this)");
    static_assert(HasSignature<Plain> || std::is_member_function_pointer_v<Plain>,
                  "intent: a handler is a function, a lambda or a function object with one parameter of an event type; "
                  "write the type out, as in [](const intent::MessageCreate& event) { … }");
    if constexpr (HasSignature<Plain> && !std::is_member_function_pointer_v<Plain>) {
        using S = Signature<Plain>;
        using A = typename S::argument;
        using E = std::remove_cvref_t<A>;
        constexpr bool is_coroutine = is_task<typename S::result>::value;
        static_assert(Event<E>, "intent: the handler's parameter is not an event type (see intent/events.hpp)");
        static_assert(std::is_void_v<typename S::result> || std::is_same_v<typename S::result, task<>>,
                      "intent: a handler returns void or intent::task<>");
        static_assert(
            !(is_coroutine && std::is_reference_v<A>),
            "intent: a coroutine handler takes its event by value; a reference dangles after the first co_await");
        static_assert(
            order == Order::none || is_coroutine,
            "intent: on_in_order takes a coroutine, which returns intent::task<>; a function has ended before "
            "the next event of its channel in any case: use on");
        constexpr std::size_t event = AllEvents::index_of<E>();
        if constexpr (is_coroutine && order == Order::of_channel) {
            return MadeHandler(event, new InOrderCoroutine<E, Plain>(keep_function<Plain>(std::move(handler))));
        } else if constexpr (is_coroutine) {
            return MadeHandler(event, erase_function<Plain>(std::move(handler)), &start_coroutine<E, Plain>);
        } else {
            return MadeHandler(event, erase_function<Plain>(std::move(handler)), &call_function<E, Plain>);
        }
    } else {
        return MadeHandler();
    }
}

/// True if F takes its event by reference. A generic lambda or several overloads: false; a reference to the event is
/// valid there, because it outlives the coroutine.
template <class F>
constexpr bool takes_reference = false;
template <class R, class A>
constexpr bool takes_reference<R (*)(A)> = std::is_reference_v<A>;
template <class F>
requires requires { typename Signature<decltype(&F::operator())>::argument; }
constexpr bool takes_reference<F> = std::is_reference_v<typename Signature<F>::argument>;

/// One coroutine for the events of several types, with the same queues: a handler for each type.
template <class... E, class F>
std::array<MadeHandler, sizeof...(E)> make_handlers(F handler) {
    using Plain = std::decay_t<F>;
    constexpr bool takes_all = (std::is_invocable_v<Plain&, E> && ...);
    static_assert(takes_all,
                  "intent: a handler of several types of events accepts each of them: [](auto event) -> "
                  "intent::task<> { … }, an operator() for each, or a std::variant of the events");
    constexpr std::uint64_t bit = 1;
    static_assert(((bit << AllEvents::index_of<E>()) + ...) == ((bit << AllEvents::index_of<E>()) | ...),
                  "intent: the same type of event is given twice");
    std::array<MadeHandler, sizeof...(E)> made;
    if constexpr (takes_all) {
        static_assert((std::is_same_v<std::invoke_result_t<Plain&, E>, task<>> && ...),
                      "intent: on_in_order takes a coroutine, which returns intent::task<>");
        static_assert(!takes_reference<Plain>,
                      "intent: a coroutine handler takes its event by value; a reference dangles after the first "
                      "co_await");
        const auto function = keep_function<Plain>(std::move(handler));
        const InOrderHandler* first = nullptr;
        std::size_t count = 0;
        const auto add = [&](std::size_t event, auto each) {
            if (first) each->share_queues_of(*first);
            if (!first) first = each;
            made[count++] = MadeHandler(event, each);
        };
        (add(AllEvents::index_of<E>(), new InOrderCoroutine<E, Plain>(function)), ...);
    }
    return made;
}

}  // namespace intent::detail
