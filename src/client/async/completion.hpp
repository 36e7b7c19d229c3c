// The guaranteed completion of an operation that a coroutine awaits.
#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

namespace intent::client {

/// Resumes a coroutine with a result, once. If the last copy is destroyed unused (the loop it was posted to has ended),
/// the coroutine resumes with the fallback result, so every awaited operation completes.
template <class T>
class Completion {
public:
    Completion(std::optional<T>& result, std::coroutine_handle<> waiting, T&& if_abandoned)
        : shared_(std::make_shared<Shared>(result, waiting, std::move(if_abandoned))) {}

    void operator()(T value) const { shared_->finish(std::move(value)); }

private:
    struct Shared {
        Shared(std::optional<T>& where, std::coroutine_handle<> who, T&& otherwise)
            : result(&where), waiting(who), if_abandoned(std::move(otherwise)) {}
        ~Shared() {
            if (waiting) finish(std::move(if_abandoned));
        }
        Shared(const Shared&) = delete;
        Shared& operator=(const Shared&) = delete;

        void finish(T value) {
            const auto next = std::exchange(waiting, nullptr);
            if (!next) return;
            result->emplace(std::move(value));
            next.resume();
        }

        std::optional<T>* result;
        std::coroutine_handle<> waiting;
        T if_abandoned;
    };
    std::shared_ptr<Shared> shared_;
};

}  // namespace intent::client
