// A bucket of keys and values on the broker.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/broker/stream_config.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::relay::broker {

/// A value, or the mark that a deletion left.
struct Entry {
    std::string key;
    std::string value = {};
    std::uint64_t revision = 0;  ///< increases with each change in the bucket
    std::chrono::sys_time<std::chrono::nanoseconds> time{};
    bool deleted = false;
};

/// The result of a write.
struct Written {
    std::uint64_t revision = 0;
    bool conflict = false;          ///< nothing was written: the key exists, or has another revision
    std::exception_ptr error = {};  ///< as the errors of KeyValue; LostRequest and TimeoutError: the outcome is unknown
};

/// The result of a read.
struct Read {
    std::optional<Entry> entry = {};  ///< unset: the key was never set, or has expired. May be a deletion.
    std::exception_ptr error = {};
};

/// Keys are 1 to 200 letters, digits, `-`, `_`, `=`, `/` and `.` (not first, last or twice in a row).
///
/// The calls that block take the connection's request timeout at most, and not on a thread of the library. Those with a
/// callback call it once, on a thread of the library.
///
/// Errors of every call: ConfigError for an invalid key or a value over the broker's payload limit; NotSent (nothing
/// was sent), LostRequest or TimeoutError (the outcome is unknown); a TimeoutError's text says that the broker may
/// forbid the account the key; ApiError for the rest.
///
/// Threads: safe. Copies share the bucket.
class KeyValue {
public:
    /// Uses a bucket without asking whether it exists. Errors: ConfigError for an invalid name.
    KeyValue(std::shared_ptr<Connection> connection, std::string bucket);
    /// Creates the bucket, or checks one that exists. Errors: as JetStream::ensure_stream.
    static KeyValue ensure(const std::shared_ptr<Connection>& connection, const BucketConfig& config,
                           OnDifference on_difference = OnDifference::fail);
    /// Deletes a bucket; false if there is none.
    static bool remove_bucket(const std::shared_ptr<Connection>& connection, const std::string& bucket);

    const std::string& bucket() const noexcept;

    /// The value; unset if there is none, or it was deleted.
    std::optional<Entry> get(std::string_view key) const;
    /// Sets a value and returns its revision.
    std::uint64_t put(std::string_view key, std::string value) const;
    /// Sets a value that does not exist; unset if it does.
    std::optional<std::uint64_t> create(std::string_view key, std::string value) const;
    /// Sets a value that still has this revision; unset if it has not. 0: that was never set.
    std::optional<std::uint64_t> update(std::string_view key, std::string value, std::uint64_t revision) const;
    void remove(std::string_view key) const;
    /// The keys that have values, sorted.
    std::vector<std::string> keys() const;

    // The same with a callback.
    void get(std::string_view key, std::function<void(Read)> done) const;
    void put(std::string_view key, std::string value, std::function<void(Written)> done) const;
    void update(std::string_view key, std::string value, std::uint64_t revision, std::chrono::milliseconds timeout,
                std::function<void(Written)> done) const;
    void get(std::string_view key, std::chrono::milliseconds timeout, std::function<void(Read)> done) const;

    /// Calls `changed` with the current entry, and after each change with the newest one; changes in quick succession
    /// may become one call. A lost connection delays it. Reading again does not need a consumer on the broker.
    Registration watch(std::string_view key, std::function<void(const Entry&)> changed) const;

private:
    void write(std::string_view key, Message message, std::chrono::milliseconds timeout,
               std::function<void(Written)> done) const;

    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::relay::broker
