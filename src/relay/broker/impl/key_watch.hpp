// Follows a key of a bucket. Only sources of this folder include this.
#pragma once

#include "relay/broker/impl/alarm.hpp"
#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/gate.hpp"
#include "relay/broker/key_value.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace intent::relay::broker {

/// Reads the key whenever a message on its subject shows that it may have changed, on each new connection, and now and
/// then. The message itself says nothing: the broker may refuse it, and it has no revision.
class KeyWatch : public std::enable_shared_from_this<KeyWatch> {
public:
    KeyWatch(const KeyValue& bucket, const std::shared_ptr<Connection>& connection, std::string key,
             std::string subject, std::function<void(const Entry&)> changed);

    void open();
    void close();

    /// Its owner's part, which ends it.
    class Handle {
    public:
        explicit Handle(std::shared_ptr<KeyWatch> watch) : watch_(std::move(watch)) {}
        ~Handle() { watch_->close(); }
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;

    private:
        std::shared_ptr<KeyWatch> watch_;
    };

private:
    /// A message on the subject may be seen before the stream has it.
    void hint();
    void look();
    void on_read(Read read);

    std::optional<KeyValue> bucket_;
    const std::shared_ptr<Connection::Impl> connection_;
    const std::string key_;
    const std::string subject_;
    const std::function<void(const Entry&)> changed_;

    Gate gate_;
    std::mutex mutex_;
    std::uint64_t revision_ = 0;
    int looks_ = 0;  // still to do soon after a hint
    bool reading_ = false;
    bool again_ = false;
    std::optional<Alarm> alarm_;
    Registration listener_;
    std::unique_ptr<Subscription> hints_;
};

}  // namespace intent::relay::broker
