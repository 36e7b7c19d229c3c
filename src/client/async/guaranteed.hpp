// Work that is done even if its loop ends first.
#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace intent::client {

/// A function that does `work` once. If its last copy is destroyed uncalled (the loop it was posted to has ended), the
/// destructor does the work on its thread, with `cancelled` true.
inline std::function<void(bool cancelled)> guaranteed(std::function<void(bool cancelled)> work) {
    struct Once {
        explicit Once(std::function<void(bool)> what) : work(std::move(what)) {}
        ~Once() { run(true); }
        Once(const Once&) = delete;
        Once& operator=(const Once&) = delete;
        void run(bool cancelled) {
            if (const auto now = std::exchange(work, nullptr)) now(cancelled);
        }
        std::function<void(bool)> work;
    };
    return [once = std::make_shared<Once>(std::move(work))](bool cancelled) { once->run(cancelled); };
}

}  // namespace intent::client
