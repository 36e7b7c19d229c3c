#include "relay/broker/key_value.hpp"

#include "relay/broker/errors.hpp"
#include "relay/broker/impl/api_json.hpp"
#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/key_watch.hpp"
#include "relay/broker/impl/status.hpp"
#include "relay/broker/jetstream.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace intent::relay::broker {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view operation_header = "KV-Operation";

void check_bucket(std::string_view name) {
    constexpr std::size_t longest = 64;
    const bool valid = !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
    if (!valid) throw ConfigError("bucket: 1 to 64 letters, digits, '_' and '-' are allowed in its name");
}

void check_key(std::string_view bucket, std::string_view key) {
    constexpr std::size_t longest = 200;
    const bool valid = !key.empty() && key.size() <= longest && key.front() != '.' && key.back() != '.' &&
                       key.find("..") == std::string_view::npos && std::ranges::all_of(key, [](unsigned char c) {
                           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  c == '_' || c == '-' || c == '=' || c == '/' || c == '.';
                       });
    if (!valid)
        throw ConfigError("bucket " + std::string(bucket) +
                          ": key: 1 to 200 letters, digits, '_', '-', '=', '/' and '.' are allowed");
}

std::exception_ptr api_error(const std::string& what, const ApiFailure& failure) {
    return std::make_exception_ptr(
        ApiError(what + ": " + failure.text + " (error " + std::to_string(failure.code) + " of the broker)",
                 failure.status, failure.code));
}

std::exception_ptr no_stream(const std::string& bucket) {
    return std::make_exception_ptr(
        NoResponders("bucket " + bucket + " does not exist, or JetStream is not ready on the broker"));
}

/// NoResponders says nothing about buckets.
std::exception_ptr named(const std::exception_ptr& error, const std::string& bucket) {
    try {
        std::rethrow_exception(error);
    } catch (const NoResponders&) {
        return no_stream(bucket);
    } catch (...) {
        return error;
    }
}

/// The result of a call with a callback, awaited.
template <class Result, class Start>
Result awaited(Start start) {
    auto promise = std::make_shared<std::promise<Result>>();
    auto future = promise->get_future();
    start([promise](Result result) { promise->set_value(std::move(result)); });
    auto result = future.get();
    if (result.error) std::rethrow_exception(result.error);
    return result;
}

void compare(std::vector<Difference>& found, std::string field, std::string actual, std::string wanted) {
    if (actual != wanted) found.push_back({std::move(field), std::move(actual), std::move(wanted), true});
}

}  // namespace

struct KeyValue::Impl {
    std::shared_ptr<Connection> connection;
    std::string bucket;

    std::string subject(std::string_view key) const { return "$KV." + bucket + "." + std::string(key); }
    std::string stream() const { return "KV_" + bucket; }
};

KeyValue::KeyValue(std::shared_ptr<Connection> connection, std::string bucket)
    : impl_(std::make_shared<Impl>(Impl{std::move(connection), std::move(bucket)})) {
    check_bucket(impl_->bucket);
}

KeyValue KeyValue::ensure(const std::shared_ptr<Connection>& connection, const BucketConfig& config,
                          OnDifference on_difference) {
    check_bucket(config.name);
    KeyValue result(connection, config.name);
    JetStream streams(connection);
    const auto stream = result.impl_->stream();
    auto present = streams.stream_info(stream);
    if (!present) {
        streams.create_bucket(config);
        return result;
    }
    std::vector<Difference> found;
    compare(found, "max-age", duration_text(present->config.max_age), duration_text(config.ttl));
    compare(found, "max-msgs-per-subject", std::to_string(present->max_messages_per_subject),
            std::to_string(config.history));
    compare(found, "max-bytes", std::to_string(present->config.max_bytes), std::to_string(config.max_bytes));
    compare(found, "max-msg-size", std::to_string(present->config.max_message_bytes),
            std::to_string(config.max_value_bytes));
    compare(found, "replicas", std::to_string(present->config.replicas), std::to_string(config.replicas));
    if (present->config.storage != config.storage)
        found.push_back({"storage", present->config.storage == Storage::file ? "file" : "memory",
                         config.storage == Storage::file ? "file" : "memory", false});
    if (found.empty()) return result;
    if (on_difference == OnDifference::fail || !all_editable(found))
        throw OtherConfiguration("bucket " + config.name + ": " + describe_stream_differences(stream, found),
                                 all_editable(found));
    streams.edit_bucket(config);
    return result;
}

bool KeyValue::remove_bucket(const std::shared_ptr<Connection>& connection, const std::string& bucket) {
    check_bucket(bucket);
    return JetStream(connection).delete_stream("KV_" + bucket);
}

const std::string& KeyValue::bucket() const noexcept { return impl_->bucket; }

std::optional<Entry> KeyValue::get(std::string_view key) const {
    auto read = awaited<Read>([&](auto done) { get(key, done); });
    if (!read.entry || read.entry->deleted) return {};
    return std::move(read.entry);
}

std::uint64_t KeyValue::put(std::string_view key, std::string value) const {
    return awaited<Written>([&](auto done) { put(key, std::move(value), done); }).revision;
}

std::optional<std::uint64_t> KeyValue::create(std::string_view key, std::string value) const {
    auto revision = update(key, value, 0);
    if (revision) return revision;
    // It was set before; that does not count if it was removed since.
    const auto read = awaited<Read>([&](auto done) { get(key, done); });
    if (!read.entry || !read.entry->deleted) return {};
    return update(key, std::move(value), read.entry->revision);
}

std::optional<std::uint64_t> KeyValue::update(std::string_view key, std::string value, std::uint64_t revision) const {
    const auto timeout = impl_->connection->options().request_timeout;
    const auto written = awaited<Written>([&](auto done) { update(key, std::move(value), revision, timeout, done); });
    if (written.conflict) return {};
    return written.revision;
}

void KeyValue::remove(std::string_view key) const {
    awaited<Written>([&](auto done) {
        Message message;
        message.headers.set(operation_header, "DEL");
        write(key, std::move(message), impl_->connection->options().request_timeout, done);
    });
}

std::vector<std::string> KeyValue::keys() const {
    std::vector<std::string> found;
    const std::string prefix = impl_->subject("");
    for (const auto& subject : JetStream(impl_->connection).subjects(impl_->stream(), prefix + ">")) {
        auto key = subject.substr(prefix.size());
        if (get(key)) found.push_back(std::move(key));
    }
    std::ranges::sort(found);
    return found;
}

void KeyValue::get(std::string_view key, std::function<void(Read)> done) const {
    get(key, impl_->connection->options().request_timeout, std::move(done));
}

void KeyValue::get(std::string_view key, milliseconds timeout, std::function<void(Read)> done) const {
    check_key(impl_->bucket, key);
    // The leader of the stream answers; a direct request may be answered by a copy that is behind.
    Message message{.subject = "$JS.API.STREAM.MSG.GET." + impl_->stream(),
                    .data = "{\"last_by_subj\":\"" + impl_->subject(key) + "\"}"};
    impl_->connection->request(
        std::move(message), timeout,
        [bucket = impl_->bucket, name = std::string(key), done = std::move(done)](Answer answer) {
            if (answer.error) return done({.error = named(answer.error, bucket)});
            auto stored = parse_stored(answer.message.data);
            if (!stored)
                return done({.error = std::make_exception_ptr(
                                 NetworkError("bucket " + bucket + ": the broker's answer is not understood"))});
            if (stored->failure) {
                // The message, not the stream.
                constexpr int no_message = 10037;
                if (stored->failure->code == no_message) return done({});
                return done({.error = api_error("bucket " + bucket + ": read " + name, *stored->failure)});
            }
            Entry entry;
            entry.key = name;
            const auto& headers = stored->stored.message.headers;
            entry.deleted = headers.find(operation_header) != nullptr;
            entry.value = std::move(stored->stored.message.data);
            entry.revision = stored->stored.sequence;
            entry.time = stored->stored.time;
            done({.entry = std::move(entry)});
        });
}

void KeyValue::put(std::string_view key, std::string value, std::function<void(Written)> done) const {
    Message message;
    message.data = std::move(value);
    write(key, std::move(message), impl_->connection->options().request_timeout, std::move(done));
}

void KeyValue::update(std::string_view key, std::string value, std::uint64_t revision, milliseconds timeout,
                      std::function<void(Written)> done) const {
    Message message;
    message.data = std::move(value);
    message.headers.set("Nats-Expected-Last-Subject-Sequence", std::to_string(revision));
    write(key, std::move(message), timeout, std::move(done));
}

void KeyValue::write(std::string_view key, Message message, milliseconds timeout,
                     std::function<void(Written)> done) const {
    check_key(impl_->bucket, key);
    message.subject = impl_->subject(key);
    impl_->connection->request(
        std::move(message), timeout,
        [bucket = impl_->bucket, name = std::string(key), done = std::move(done)](Answer answer) {
            if (answer.error) return done({.error = named(answer.error, bucket)});
            const auto acknowledgement = parse_acknowledgement(answer.message.data);
            if (!acknowledgement)
                return done({.error = std::make_exception_ptr(
                                 NetworkError("bucket " + bucket + ": the broker's answer is not understood"))});
            if (!acknowledgement->failure) return done({.revision = acknowledgement->sequence});
            const auto& failure = *acknowledgement->failure;
            if (verdict(failure.status, failure.code) == Verdict::conflict) return done({.conflict = true});
            done({.error = api_error("bucket " + bucket + ": write " + name, failure)});
        });
}

Registration KeyValue::watch(std::string_view key, std::function<void(const Entry&)> changed) const {
    check_key(impl_->bucket, key);
    auto watch =
        std::make_shared<KeyWatch>(*this, impl_->connection, std::string(key), impl_->subject(key), std::move(changed));
    watch->open();
    return Registration(std::make_shared<KeyWatch::Handle>(std::move(watch)));
}

}  // namespace intent::relay::broker
