// Name look-ups and clocks that a test bends, for the whole process.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace intent::test {

/// What the next look-ups of `fake_host` bring, one after the other; the last one stays. Real names are not touched.
///
/// Threads: safe. One at a time.
class FakeNames {
public:
    static constexpr const char* fake_host = "gateway.fake.test";

    /// Called on the thread that looks up: addresses as text, or none for EAI_AGAIN. May block.
    using Answer = std::function<std::vector<std::string>()>;

    explicit FakeNames(std::vector<Answer> answers);
    ~FakeNames();
    FakeNames(const FakeNames&) = delete;
    FakeNames& operator=(const FakeNames&) = delete;

    int look_ups() const;
};

/// The wall clock, and the clock that counts on in a suspended computer, moved against the others while it lives.
///
/// Threads: safe. One at a time.
class FakeClocks {
public:
    FakeClocks() = default;
    ~FakeClocks();
    FakeClocks(const FakeClocks&) = delete;
    FakeClocks& operator=(const FakeClocks&) = delete;

    void move_wall_clock(std::chrono::seconds by);
    void suspend(std::chrono::seconds span);
};

}  // namespace intent::test
