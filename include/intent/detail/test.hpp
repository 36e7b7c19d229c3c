// The predicates of `ask`, `purge`, `wait_message` and `wait_entry`.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

/// A predicate over a T. Replaces std::function: its header alone is 14,000 lines.
template <class T>
class Test {
public:
    template <class Predicate>
    requires(!std::same_as<Predicate, Test>) explicit Test(Predicate predicate)
        : predicate_(std::make_shared<Predicate>(std::move(predicate))) {
        static_assert(
            std::is_invocable_v<Predicate&, const T&>,
            "intent: a predicate of ask or purge takes a const intent::Message&, one of Sandbox::wait_message a "
            "const intent::raw::Message&, one of wait_entry a const intent::sandbox::Entry&; it returns bool");
        test_ = [](void* erased, const T& value) -> bool {
            return static_cast<bool>((*static_cast<Predicate*>(erased))(value));
        };
    }
    bool operator()(const T& value) const { return test_(predicate_.get(), value); }

private:
    std::shared_ptr<void> predicate_;
    bool (*test_)(void* erased, const T& value) = nullptr;
};

}  // namespace intent::detail
