// The functions of `Settings::on_change`, and the calls that are due.
#pragma once

#include <intent/log.hpp>
#include <intent/settings.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace intent::persistence {

struct Change {
    std::string name;
    SettingOwner owner;
    std::optional<detail::StoredValue> value;  ///< unset: removed
};

/// Calls functions in the order of the changes, one at a time and without a lock.
///
/// Threads: safe.
class ChangeCalls {
public:
    explicit ChangeCalls(std::shared_ptr<LogSink> log) : log_(std::move(log)) {}

    std::uint64_t add(detail::ChangeListener listener);
    void remove(std::uint64_t id) noexcept;

    /// Call it in the order of the commits.
    void enqueue(std::vector<Change> changes);
    /// Makes the calls that are due, unless another call of `deliver` does so already.
    void deliver() noexcept;

private:
    struct Listener {
        std::uint64_t id = 0;
        detail::ChangeListener function = {};
    };
    using Listeners = std::vector<std::shared_ptr<const Listener>>;

    void call(const Listeners& listeners, const Change& change) noexcept;
    bool has(std::uint64_t id);

    const std::shared_ptr<LogSink> log_;
    std::mutex mutex_;
    Listeners listeners_;
    std::deque<Change> due_;
    std::uint64_t last_id_ = 0;
    bool delivering_ = false;
};

}  // namespace intent::persistence
