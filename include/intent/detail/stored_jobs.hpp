// Persistent jobs without the type of their payload.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/stored.hpp>
#include <intent/settings/errors.hpp>
#include <intent/task.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace intent::inline v0 {

class Client;
class Settings;

}  // namespace intent

namespace intent::inline v0::detail {

/// A job as the file holds it. The payload is the text of a std::string as it is, and of any other type a JSON array
/// with its value.
struct StoredJob {
    std::int64_t id = 0;
    Timestamp due = {};
    std::string payload = {};
};

/// The payload of a job does not fit its type.
class INTENT_API UnreadableJob : public SettingsError {
public:
    UnreadableJob(std::int64_t id, std::string_view problem);
};

/// Errors: of `unwrap`, BadStoredValue.
INTENT_API std::string wrap(StoredValue payload);
INTENT_API StoredValue unwrap(std::string_view payload);

template <class T>
std::string write_payload(const T& payload) {
    require_stored<T>();
    if constexpr (std::is_same_v<T, std::string>) {
        return payload;
    } else {
        return wrap(Stored<T>::to(payload));
    }
}

/// Errors: UnreadableJob.
template <class T>
T read_payload(const StoredJob& job) {
    if constexpr (std::is_same_v<T, std::string>) {
        return job.payload;
    } else {
        try {
            return Stored<T>::from(unwrap(job.payload));
        } catch (const BadStoredValue& problem) {
            throw UnreadableJob(job.id, describe_problem<T>(problem));
        }
    }
}
template <class T>
std::optional<T> read_payload_if(const StoredJob& job) {
    try {
        return read_payload<T>(job);
    } catch (const UnreadableJob&) {
        return std::nullopt;
    }
}

/// What PersistentJobs has in common for all types.
class INTENT_API StoredJobs {
public:
    /// Starts the handler. Errors: UnreadableJob.
    using Call = task<> (*)(void* handler, StoredJob job);

    StoredJobs(Client& client, Settings& settings, std::string name, std::shared_ptr<void> handler, Call call);
    ~StoredJobs();
    StoredJobs(const StoredJobs&) = delete;
    StoredJobs& operator=(const StoredJobs&) = delete;

    std::int64_t add(Timestamp due, const std::string& payload);
    std::int64_t add_after(std::chrono::milliseconds delay, const std::string& payload);
    /// Removes the jobs that are still there, all or none, and returns their number.
    std::size_t cancel(const std::vector<std::int64_t>& ids);
    std::vector<StoredJob> pending() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::detail
