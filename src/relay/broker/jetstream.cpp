#include "relay/broker/jetstream.hpp"

#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/status.hpp"

#include <algorithm>
#include <utility>

namespace intent::relay::broker {
namespace {

using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

Time time_of(std::int64_t nanoseconds) {
    // The library has the zero time of the broker as a date before 1970.
    return Time(std::chrono::nanoseconds(std::max<std::int64_t>(nanoseconds, 0)));
}

std::string text_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

StreamConfig to_config(const jsStreamConfig& config) {
    StreamConfig result;
    result.name = text_of(config.Name);
    result.description = text_of(config.Description);
    for (int i = 0; i < config.SubjectsLen; ++i)
        result.subjects.emplace_back(config.Subjects[i]);
    result.storage = config.Storage == js_FileStorage ? Storage::file : Storage::memory;
    result.max_age = std::chrono::nanoseconds(config.MaxAge);
    result.max_bytes = config.MaxBytes;
    result.max_messages = config.MaxMsgs;
    result.max_message_bytes = config.MaxMsgSize;
    result.duplicates = std::chrono::nanoseconds(config.Duplicates);
    result.replicas = static_cast<int>(config.Replicas);
    return result;
}

StreamInfo to_info(const jsStreamInfo& info) {
    StreamInfo result;
    result.config = to_config(*info.Config);
    result.retention = info.Config->Retention == js_LimitsPolicy     ? "limits"
                       : info.Config->Retention == js_InterestPolicy ? "interest"
                                                                     : "workqueue";
    result.max_messages_per_subject = info.Config->MaxMsgsPerSubject;
    result.discard = info.Config->Discard == js_DiscardOld ? "old" : "new";
    result.created = time_of(info.Created);
    result.messages = info.State.Msgs;
    result.bytes = info.State.Bytes;
    result.first_sequence = info.State.FirstSeq;
    result.last_sequence = info.State.LastSeq;
    result.first_time = time_of(info.State.FirstTime);
    result.last_time = time_of(info.State.LastTime);
    result.consumers = info.State.Consumers;
    return result;
}

ConsumerInfo to_info(const jsConsumerInfo& info) {
    ConsumerInfo result;
    result.stream = text_of(info.Stream);
    const auto& config = *info.Config;
    result.config.name = text_of(info.Name);
    result.config.description = text_of(config.Description);
    result.config.filter_subject = text_of(config.FilterSubject);
    result.config.ack_wait = std::chrono::nanoseconds(config.AckWait);
    for (int i = 0; i < config.BackOffLen; ++i)
        result.config.backoff.emplace_back(config.BackOff[i]);
    result.config.max_deliveries = config.MaxDeliver;
    result.config.max_ack_pending = config.MaxAckPending;
    result.config.start_sequence = config.OptStartSeq;
    result.config.inactive_threshold = std::chrono::nanoseconds(config.InactiveThreshold);
    result.created = time_of(info.Created);
    result.deliveries = info.Delivered.Consumer;
    result.delivered_sequence = info.Delivered.Stream;
    result.acknowledged_sequence = info.AckFloor.Stream;
    result.ack_pending = info.NumAckPending;
    result.redelivered = info.NumRedelivered;
    result.waiting = info.NumWaiting;
    result.pending = info.NumPending;
    return result;
}

/// A library configuration, and what its pointers point to.
struct RawStream {
    explicit RawStream(const StreamConfig& config) {
        jsStreamConfig_Init(&raw);
        for (const auto& subject : config.subjects)
            subjects.push_back(subject.c_str());
        raw.Name = config.name.c_str();
        raw.Description = config.description.empty() ? nullptr : config.description.c_str();
        raw.Subjects = subjects.data();
        raw.SubjectsLen = static_cast<int>(subjects.size());
        raw.Storage = config.storage == Storage::file ? js_FileStorage : js_MemoryStorage;
        raw.Retention = js_LimitsPolicy;
        raw.Discard = js_DiscardOld;
        raw.MaxAge = config.max_age.count();
        raw.MaxBytes = config.max_bytes;
        raw.MaxMsgs = config.max_messages;
        raw.MaxMsgSize = config.max_message_bytes;
        raw.Duplicates = config.duplicates.count();
        raw.Replicas = config.replicas;
    }

    std::vector<const char*> subjects;
    jsStreamConfig raw{};
};

struct RawConsumer {
    explicit RawConsumer(const ConsumerConfig& config) {
        jsConsumerConfig_Init(&raw);
        for (const auto wait : config.backoff)
            backoff.push_back(wait.count());
        raw.Durable = config.name.c_str();
        raw.Description = config.description.empty() ? nullptr : config.description.c_str();
        raw.FilterSubject = config.filter_subject.empty() ? nullptr : config.filter_subject.c_str();
        raw.AckPolicy = js_AckExplicit;
        raw.AckWait = config.backoff.empty() ? config.ack_wait.count() : 0;
        raw.BackOff = backoff.empty() ? nullptr : backoff.data();
        raw.BackOffLen = static_cast<int>(backoff.size());
        raw.MaxDeliver = config.max_deliveries;
        raw.MaxAckPending = config.max_ack_pending;
        raw.InactiveThreshold = config.inactive_threshold.count();
        switch (config.from) {
            case DeliverFrom::beginning:
                raw.DeliverPolicy = js_DeliverAll;
                break;
            case DeliverFrom::next:
                raw.DeliverPolicy = js_DeliverNew;
                break;
            case DeliverFrom::sequence:
                raw.DeliverPolicy = js_DeliverByStartSequence;
                raw.OptStartSeq = config.start_sequence;
                break;
        }
    }

    std::vector<std::int64_t> backoff;
    jsConsumerConfig raw{};
};

bool is_missing(natsStatus status, jsErrCode code) {
    return verdict(0, code) == Verdict::missing || (code == 0 && status == NATS_NOT_FOUND);
}

std::string size_text(std::int64_t bytes) {
    constexpr std::int64_t mib = 1 << 20;
    return bytes % mib == 0 ? std::to_string(bytes / mib) + " MiB" : std::to_string(bytes) + " bytes";
}

std::optional<StoredMessage> to_stored(natsMsg* raw) {
    const MessageHandle message(raw);
    return StoredMessage{to_message(raw), natsMsg_GetSequence(raw), time_of(natsMsg_GetTime(raw))};
}

}  // namespace

struct JetStream::Impl {
    explicit Impl(std::shared_ptr<Connection> used) : connection(std::move(used)) {
        jsOptions_Init(&options);
        options.Wait = connection->options().request_timeout.count();
        jsCtx* created = nullptr;
        const auto status = natsConnection_JetStream(&created, connection->impl().handle.get(), &options);
        if (status != NATS_OK) throw_error(status, "JetStream", secrets());
        context.reset(created);
    }

    const text::Redactor& secrets() const { return connection->impl().secrets; }

    [[noreturn]] void fail(natsStatus status, jsErrCode code, const std::string& what) const {
        throw_api_error(status, code, what, secrets());
    }

    /// Of a call that makes or changes a stream or bucket with this maximum size.
    [[noreturn]] void fail_to_set(natsStatus status, jsErrCode code, const std::string& what,
                                  std::int64_t max_bytes) const {
        // The library hides the code of some calls.
        const bool full =
            static_cast<int>(code) == store_is_full ||
            (code == 0 && error_text(status, secrets()).find("insufficient storage") != std::string::npos);
        if (!full || max_bytes < 0) fail(status, code, what);
        throw ApiError(what + ": the broker's store has no room for the " + size_text(max_bytes) +
                           " that it reserves (error " + std::to_string(store_is_full) + " of the broker)",
                       0, store_is_full);
    }

    StreamInfo take(jsStreamInfo* raw) const {
        const StreamInfoHandle info(raw);
        return to_info(*info);
    }
    ConsumerInfo take(jsConsumerInfo* raw) const {
        const ConsumerInfoHandle info(raw);
        return to_info(*info);
    }

    std::shared_ptr<Connection> connection;
    jsOptions options{};
    JetStreamHandle context;
};

JetStream::JetStream(std::shared_ptr<Connection> connection) : impl_(std::make_unique<Impl>(std::move(connection))) {}
JetStream::~JetStream() = default;
JetStream::JetStream(JetStream&&) noexcept = default;
JetStream& JetStream::operator=(JetStream&&) noexcept = default;

StreamInfo JetStream::ensure_stream(const StreamConfig& config, OnDifference on_difference) {
    check_name(config.name, "stream");
    for (const auto& subject : config.subjects)
        check_subject(subject, true, "stream " + config.name);
    RawStream raw(config);
    jsStreamInfo* info = nullptr;
    jsErrCode code{};
    auto present = stream_info(config.name);
    if (!present) {
        const auto status = js_AddStream(&info, impl_->context.get(), &raw.raw, &impl_->options, &code);
        if (status == NATS_OK) return impl_->take(info);
        // Another process may have created it in the meantime.
        present = stream_info(config.name);
        if (!present) impl_->fail_to_set(status, code, "create stream " + config.name, config.max_bytes);
    }
    const auto found = differences(*present, config);
    if (found.empty()) return *present;
    if (on_difference == OnDifference::fail || !all_editable(found))
        throw OtherConfiguration(describe_stream_differences(config.name, found), all_editable(found));
    const auto status = js_UpdateStream(&info, impl_->context.get(), &raw.raw, &impl_->options, &code);
    if (status != NATS_OK) impl_->fail_to_set(status, code, "edit stream " + config.name, config.max_bytes);
    return impl_->take(info);
}

std::optional<StreamInfo> JetStream::stream_info(const std::string& stream) {
    check_name(stream, "stream");
    jsStreamInfo* info = nullptr;
    jsErrCode code{};
    const auto status = js_GetStreamInfo(&info, impl_->context.get(), stream.c_str(), &impl_->options, &code);
    if (status == NATS_OK) return impl_->take(info);
    if (is_missing(status, code)) return {};
    impl_->fail(status, code, "stream " + stream);
}

std::vector<std::string> JetStream::subjects(const std::string& stream, const std::string& filter) {
    check_name(stream, "stream");
    check_subject(filter, true, "stream " + stream);
    auto options = impl_->options;
    options.Stream.Info.SubjectsFilter = filter.c_str();
    jsStreamInfo* raw = nullptr;
    jsErrCode code{};
    const auto status = js_GetStreamInfo(&raw, impl_->context.get(), stream.c_str(), &options, &code);
    if (status != NATS_OK) impl_->fail(status, code, "stream " + stream);
    const StreamInfoHandle info(raw);
    std::vector<std::string> found;
    const auto* list = info->State.Subjects;
    for (int i = 0; list != nullptr && i < list->Count; ++i)
        found.emplace_back(list->List[i].Subject);
    return found;
}

void JetStream::create_bucket(const BucketConfig& config) {
    kvConfig raw{};
    kvConfig_Init(&raw);
    raw.Bucket = config.name.c_str();
    raw.Description = config.description.empty() ? nullptr : config.description.c_str();
    raw.MaxValueSize = config.max_value_bytes;
    raw.History = static_cast<std::uint8_t>(config.history);
    raw.TTL = config.ttl.count();
    raw.MaxBytes = config.max_bytes;
    raw.StorageType = config.storage == Storage::file ? js_FileStorage : js_MemoryStorage;
    raw.Replicas = config.replicas;
    kvStore* store = nullptr;
    const auto status = js_CreateKeyValue(&store, impl_->context.get(), &raw);
    kvStore_Destroy(store);
    if (status == NATS_OK) return;
    const auto what = "create bucket " + config.name;
    try {
        impl_->fail_to_set(status, {}, what, config.max_bytes);
    } catch (const Error&) {
        // Another process may have created it in the meantime.
        if (!stream_info("KV_" + config.name)) throw;
    }
}

void JetStream::edit_bucket(const BucketConfig& config) {
    const auto what = "edit bucket " + config.name;
    const auto stream = "KV_" + config.name;
    jsStreamInfo* raw = nullptr;
    jsErrCode code{};
    auto status = js_GetStreamInfo(&raw, impl_->context.get(), stream.c_str(), &impl_->options, &code);
    if (status != NATS_OK) impl_->fail(status, code, what);
    const StreamInfoHandle info(raw);
    // The rest of it makes the stream a bucket.
    jsStreamConfig changed = *info->Config;
    changed.MaxMsgsPerSubject = config.history;
    changed.MaxAge = config.ttl.count();
    changed.MaxBytes = config.max_bytes;
    changed.MaxMsgSize = config.max_value_bytes;
    changed.Replicas = config.replicas;
    if (changed.MaxAge > 0) changed.Duplicates = std::min(changed.Duplicates, changed.MaxAge);
    jsStreamInfo* after = nullptr;
    status = js_UpdateStream(&after, impl_->context.get(), &changed, &impl_->options, &code);
    jsStreamInfo_Destroy(after);
    if (status != NATS_OK) impl_->fail_to_set(status, code, what, config.max_bytes);
}

bool JetStream::delete_stream(const std::string& stream) {
    check_name(stream, "stream");
    jsErrCode code{};
    const auto status = js_DeleteStream(impl_->context.get(), stream.c_str(), &impl_->options, &code);
    if (status == NATS_OK) return true;
    if (is_missing(status, code)) return false;
    impl_->fail(status, code, "delete stream " + stream);
}

void JetStream::purge(const std::string& stream, const std::string& subject) {
    check_name(stream, "stream");
    auto options = impl_->options;
    if (!subject.empty()) {
        check_subject(subject, true, "purge");
        options.Stream.Purge.Subject = subject.c_str();
    }
    jsErrCode code{};
    const auto status = js_PurgeStream(impl_->context.get(), stream.c_str(), &options, &code);
    if (status != NATS_OK) impl_->fail(status, code, "purge stream " + stream);
}

ConsumerInfo JetStream::ensure_consumer(const std::string& stream, const ConsumerConfig& config,
                                        OnDifference on_difference) {
    check_name(stream, "stream");
    check_name(config.name, "consumer");
    const std::string name = "consumer " + config.name + " of stream " + stream;
    if (!config.filter_subject.empty()) check_subject(config.filter_subject, true, name);
    if (config.max_deliveries > 0 && static_cast<std::int64_t>(config.backoff.size()) >= config.max_deliveries)
        throw ConfigError(name + ": backoff must have fewer waits than max_deliveries");
    RawConsumer raw(config);
    jsConsumerInfo* info = nullptr;
    jsErrCode code{};
    // The broker edits a consumer that exists instead of refusing to create it, so look first.
    const auto present = consumer_info(stream, config.name);
    if (!present) {
        const auto status =
            js_AddConsumer(&info, impl_->context.get(), stream.c_str(), &raw.raw, &impl_->options, &code);
        if (status != NATS_OK) impl_->fail(status, code, "create " + name);
        return impl_->take(info);
    }
    const auto found = differences(*present, config);
    if (found.empty()) return *present;
    if (on_difference == OnDifference::fail || !all_editable(found))
        throw OtherConfiguration(describe_consumer_differences(stream, config.name, found), all_editable(found));
    // Its beginning cannot be edited, so it stays as it is.
    const auto status =
        js_UpdateConsumer(&info, impl_->context.get(), stream.c_str(), &raw.raw, &impl_->options, &code);
    if (status != NATS_OK) impl_->fail(status, code, "edit " + name);
    return impl_->take(info);
}

std::optional<ConsumerInfo> JetStream::consumer_info(const std::string& stream, const std::string& consumer) {
    check_name(stream, "stream");
    check_name(consumer, "consumer");
    jsConsumerInfo* info = nullptr;
    jsErrCode code{};
    const auto status =
        js_GetConsumerInfo(&info, impl_->context.get(), stream.c_str(), consumer.c_str(), &impl_->options, &code);
    if (status == NATS_OK) return impl_->take(info);
    if (is_missing(status, code)) return {};
    impl_->fail(status, code, "consumer " + consumer + " of stream " + stream);
}

std::vector<ConsumerInfo> JetStream::consumers(const std::string& stream) {
    check_name(stream, "stream");
    jsConsumerInfoList* list = nullptr;
    jsErrCode code{};
    const auto status = js_Consumers(&list, impl_->context.get(), stream.c_str(), &impl_->options, &code);
    if (status == NATS_NOT_FOUND && code == 0) return {};
    if (status != NATS_OK) impl_->fail(status, code, "consumers of stream " + stream);
    const ConsumerListHandle owned(list);
    std::vector<ConsumerInfo> result;
    for (int i = 0; i < list->Count; ++i)
        if (list->List[i]->Config->Durable != nullptr) result.push_back(to_info(*list->List[i]));
    return result;
}

bool JetStream::delete_consumer(const std::string& stream, const std::string& consumer) {
    check_name(stream, "stream");
    check_name(consumer, "consumer");
    jsErrCode code{};
    const auto status =
        js_DeleteConsumer(impl_->context.get(), stream.c_str(), consumer.c_str(), &impl_->options, &code);
    if (status == NATS_OK) return true;
    if (is_missing(status, code)) return false;
    impl_->fail(status, code, "delete consumer " + consumer + " of stream " + stream);
}

std::optional<StoredMessage> JetStream::get_message(const std::string& stream, std::uint64_t sequence) {
    check_name(stream, "stream");
    natsMsg* message = nullptr;
    jsErrCode code{};
    const auto status = js_GetMsg(&message, impl_->context.get(), stream.c_str(), sequence, &impl_->options, &code);
    if (status == NATS_OK) return to_stored(message);
    if (is_missing(status, code)) return {};
    impl_->fail(status, code, "message " + std::to_string(sequence) + " of stream " + stream);
}

std::optional<StoredMessage> JetStream::last_message(const std::string& stream, const std::string& subject) {
    check_name(stream, "stream");
    check_subject(subject, true, "last message");
    natsMsg* message = nullptr;
    jsErrCode code{};
    const auto status =
        js_GetLastMsg(&message, impl_->context.get(), stream.c_str(), subject.c_str(), &impl_->options, &code);
    if (status == NATS_OK) return to_stored(message);
    if (is_missing(status, code)) return {};
    impl_->fail(status, code, "last message on " + subject + " of stream " + stream);
}

bool JetStream::delete_message(const std::string& stream, std::uint64_t sequence) {
    check_name(stream, "stream");
    jsErrCode code{};
    const auto status = js_DeleteMsg(impl_->context.get(), stream.c_str(), sequence, &impl_->options, &code);
    if (status == NATS_OK) return true;
    // Its number for a sequence that the stream does not have.
    constexpr int unknown_sequence = 10043;
    if (is_missing(status, code) || code == unknown_sequence) return false;
    impl_->fail(status, code, "delete message " + std::to_string(sequence) + " of stream " + stream);
}

}  // namespace intent::relay::broker
