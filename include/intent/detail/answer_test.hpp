// The predicate of `ask`.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace intent {

class Message;

}  // namespace intent

namespace intent::detail {

/// Decides whether a message answers a question. Replaces std::function: its header alone is 14,000 lines.
class AnswerTest {
public:
    template <class Predicate>
    requires(!std::same_as<std::remove_cvref_t<Predicate>, AnswerTest>) explicit AnswerTest(Predicate predicate)
        : predicate_(std::make_shared<Predicate>(std::move(predicate))) {
        static_assert(std::is_invocable_v<Predicate&, const Message&>,
                      "intent: the predicate of ask takes a const intent::Message& and returns bool");
        test_ = [](void* erased, const Message& message) -> bool {
            return static_cast<bool>((*static_cast<Predicate*>(erased))(message));
        };
    }
    bool operator()(const Message& message) const { return test_(predicate_.get(), message); }

private:
    std::shared_ptr<void> predicate_;
    bool (*test_)(void* erased, const Message& message) = nullptr;
};

}  // namespace intent::detail
