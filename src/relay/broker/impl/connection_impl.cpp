#include "relay/broker/impl/connection_impl.hpp"

#include "net/clock.hpp"
#include "net/file.hpp"
#include "relay/broker/errors.hpp"
#include "relay/broker/impl/status.hpp"
#include "text/peer_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace intent::relay::broker {
namespace {

using std::chrono::milliseconds;

bool is_field_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](unsigned char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

SendResult result_of(natsStatus status) {
    switch (status) {
        case NATS_OK:
            return SendResult::sent;
        case NATS_MAX_PAYLOAD:
            return SendResult::too_large;
        case NATS_INSUFFICIENT_BUFFER:
        case NATS_CONNECTION_CLOSED:
        case NATS_DRAINING:
            return SendResult::not_connected;
        default:
            return SendResult::failed;
    }
}

/// The subject in `… Violation for Publish to "subject"`; empty if the text is not of that form.
std::string_view forbidden_subject(std::string_view text) {
    constexpr std::string_view lead = "for Publish to \"";
    const auto begin = text.find(lead);
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin + lead.size());
    return text.substr(0, text.find('"'));
}

/// The library does not say why it cannot read a file.
///
/// Errors: ConfigError.
void check_file(const std::string& path, std::string_view field) {
    const auto read = net::read_file(path, std::size_t{1} << 20);
    if (read.content) return;
    throw ConfigError("broker: " + std::string(field) + ": " + path + ": " +
                      (read.problem.empty() ? std::string("does not exist") : read.problem));
}

std::string list_of(const std::vector<std::string>& urls) {
    std::string text;
    for (const auto& url : urls)
        text += (text.empty() ? "" : ", ") + url;
    return text;
}

}  // namespace

void check_headers(const Message& message) {
    for (const auto& [name, value] : message.headers.fields()) {
        if (!is_field_name(name))
            throw ConfigError("publish to " + message.subject + ": header '" + text::peer_text(name, {}) +
                              "' is not a name (printable ASCII characters without ':')");
        if (std::ranges::any_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }))
            throw ConfigError("publish to " + message.subject + ": header " + name + " has a line break or a null");
    }
}

Connection::Impl::Impl(const ConnectionOptions& chosen_options, ConnectionEvents chosen_events)
    : options(chosen_options), events(std::move(chosen_events)), random_(net::random_seed()) {
    for (const auto* secret : {&options.password, &options.token})
        if (!secret->empty()) secrets = secrets.with(secret->reveal());
    natsStatistics* counts = nullptr;
    if (natsStatistics_Create(&counts) != NATS_OK) throw NetworkError("broker: out of memory");
    statistics_.reset(counts);
}

void Connection::Impl::open() {
    const auto made = make_options();
    request_inbox = new_inbox();
    request_deadline.emplace(loop, [this] { on_deadline(); });
    self_ = shared_from_this();
    // Without the retries first, because only then the library returns why it could not connect.
    natsConnection* created = nullptr;
    natsStatus status = natsConnection_Connect(&created, made.get());
    if (status != NATS_OK) {
        problem = "cannot connect to the broker (" + list_of(options.urls) +
                  "): " + connect_problem(status, error_text(status, secrets), options);
        const auto on_connected = [](natsConnection*, void* closure) {
            static_cast<Impl*>(closure)->on_change(ConnectionChange::connected, {});
        };
        natsOptions_SetRetryOnFailedConnect(made.get(), true, on_connected, this);
        status = natsConnection_Connect(&created, made.get());
    }
    handle.reset(created);
    if (status == NATS_OK) {
        connected_at_once_ = true;
        on_change(ConnectionChange::connected, {});
    } else if (status == NATS_NOT_YET_CONNECTED) {
        loop.post([this, text = problem + "; it is tried until it answers"] {
            if (events.error) events.error(text);
        });
    } else {
        self_.reset();
        throw ConfigError(problem);
    }
    // Only now, because its work uses the handle.
    loop.start();
}

void Connection::Impl::close() noexcept {
    const auto keep = shared_from_this();
    call(requests.close());
    natsConnection_Close(handle.get());
    {
        // The library reports the end on another thread, and it is delivered on that of the timers.
        std::unique_lock lock(mutex);
        if (!loop.on_thread()) changed.wait_for(lock, std::chrono::seconds(5), [&] { return closed_reported; });
        closed = true;
    }
    loop.stop();
    request_answers.reset();
}

OptionsHandle Connection::Impl::make_options() {
    natsOptions* raw = nullptr;
    if (natsOptions_Create(&raw) != NATS_OK) throw NetworkError("broker: out of memory");
    OptionsHandle made(raw);
    std::vector<const char*> urls;
    for (const auto& url : options.urls)
        urls.push_back(url.c_str());
    require(natsOptions_SetServers(raw, urls.data(), static_cast<int>(urls.size())), "urls");
    require(natsOptions_SetName(raw, options.name.c_str()), "name");
    set_login(*raw);
    set_tls(*raw);
    require(natsOptions_SetCustomInboxPrefix(raw, options.inbox_prefix.c_str()), "inbox_prefix");
    natsOptions_SetTimeout(raw, options.connect_timeout.count());
    natsOptions_SetPingInterval(raw, options.ping_interval.count());
    natsOptions_SetMaxPingsOut(raw, 2);
    natsOptions_SetWriteDeadline(raw, options.write_timeout.count());
    natsOptions_SetMaxReconnect(raw, -1);
    // Otherwise a thread of the library collects for a millisecond what is sent.
    natsOptions_SetSendAsap(raw, true);
    // What is published without a connection is refused, not kept: see the comment of the class.
    natsOptions_SetReconnectBufSize(raw, 0);
    natsOptions_SetFailRequestsOnDisconnect(raw, true);
    natsOptions_SetCustomReconnectDelay(
        raw,
        [](natsConnection*, int attempts, void* closure) -> int64_t {
            const auto& impl = *static_cast<Impl*>(closure);
            constexpr int most_doublings = 20;
            const auto delay =
                std::min(impl.options.first_reconnect_delay * (1 << std::clamp(attempts - 1, 0, most_doublings)),
                         impl.options.max_reconnect_delay);
            const std::lock_guard lock(impl.random_mutex_);
            return delay.count() +
                   static_cast<int64_t>(impl.random_.unit() * 0.25 * static_cast<double>(delay.count()));
        },
        this);
    natsOptions_SetDisconnectedCB(
        raw,
        [](natsConnection*, void* closure) {
            static_cast<Impl*>(closure)->on_change(ConnectionChange::disconnected, "the connection was lost");
        },
        this);
    natsOptions_SetReconnectedCB(
        raw,
        [](natsConnection*, void* closure) { static_cast<Impl*>(closure)->on_change(ConnectionChange::connected, {}); },
        this);
    natsOptions_SetClosedCB(
        raw,
        [](natsConnection*, void* closure) {
            auto& impl = *static_cast<Impl*>(closure);
            const auto last = std::move(impl.self_);
            impl.on_change(ConnectionChange::closed, {});
        },
        this);
    natsOptions_SetErrorHandler(
        raw,
        [](natsConnection* connection, natsSubscription*, natsStatus status, void* closure) {
            const char* last = nullptr;
            natsConnection_GetLastError(connection, &last);
            static_cast<Impl*>(closure)->on_error(status, last == nullptr ? "" : last);
        },
        this);
    return made;
}

void Connection::Impl::set_login(natsOptions& made) const {
    if (!options.user.empty())
        require(natsOptions_SetUserInfo(&made, options.user.c_str(), std::string(options.password.reveal()).c_str()),
                "user");
    if (!options.token.empty())
        require(natsOptions_SetToken(&made, std::string(options.token.reveal()).c_str()), "token");
    if (!options.credentials_file.empty())
        require(natsOptions_SetUserCredentialsFromFiles(&made, options.credentials_file.c_str(), nullptr),
                "credentials_file");
    if (!options.nkey.empty())
        require(natsOptions_SetNKeyFromSeed(&made, options.nkey.c_str(), options.nkey_seed_file.c_str()), "nkey");
}

void Connection::Impl::set_tls(natsOptions& made) const {
    const bool secure = options.tls || !options.ca_file.empty() || !options.certificate_file.empty() ||
                        std::ranges::any_of(options.urls, [](const auto& url) { return url.starts_with("tls:"); });
    if (!secure) return;
    require(natsOptions_SetSecure(&made, true), "tls");
    constexpr auto ca = "ca_file (--ca, INTENT_BROKER_CA)";
    constexpr auto certificate = "certificate_file (--certificate, INTENT_BROKER_CERTIFICATE)";
    constexpr auto key = "key_file (--key, INTENT_BROKER_KEY)";
    if (!options.ca_file.empty()) {
        check_file(options.ca_file, ca);
        require(natsOptions_LoadCATrustedCertificates(&made, options.ca_file.c_str()), ca);
    }
    if (!options.certificate_file.empty()) {
        check_file(options.certificate_file, certificate);
        check_file(options.key_file, key);
        require(natsOptions_LoadCertificatesChain(&made, options.certificate_file.c_str(), options.key_file.c_str()),
                certificate + std::string(" and ") + key);
    }
}

void Connection::Impl::require(natsStatus status, std::string_view field) const {
    if (status != NATS_OK) throw ConfigError("broker: " + std::string(field) + ": " + error_text(status, secrets));
}

void Connection::Impl::on_change(ConnectionChange change, const std::string& reason) {
    {
        const std::lock_guard lock(mutex);
        if (change == ConnectionChange::closed) closed = true;
        if (!reason.empty()) problem = reason;
        changed.notify_all();
    }
    // One after the other, on the thread of the timers.
    loop.post([impl = weak_from_this(), change, reason] {
        if (const auto alive = impl.lock()) alive->deliver(change, reason);
    });
}

void Connection::Impl::deliver(ConnectionChange change, const std::string& reason) {
    call(requests.lose(epoch(), connected()));
    std::vector<std::shared_ptr<Listener>> present;
    {
        const std::lock_guard lock(mutex);
        std::erase_if(listeners, [](const auto& listener) { return listener.expired(); });
        for (const auto& listener : listeners)
            if (auto alive = listener.lock()) present.push_back(std::move(alive));
    }
    for (const auto& listener : present)
        listener->gate.enter([&] { listener->changed(change); });
    std::string text = reason;
    if (change == ConnectionChange::closed) {
        const std::lock_guard lock(mutex);
        text = problem;
    }
    if (events.changed) events.changed(change, change == ConnectionChange::connected ? std::string() : text);
    if (change != ConnectionChange::closed) return;
    // After what the listeners have posted.
    loop.post([impl = weak_from_this()] {
        const auto alive = impl.lock();
        if (!alive) return;
        const std::lock_guard lock(alive->mutex);
        alive->closed_reported = true;
        alive->changed.notify_all();
    });
}

void Connection::Impl::on_error(natsStatus status, const std::string& detail) {
    std::string text = text::peer_text(detail.empty() ? natsStatus_GetText(status) : detail.c_str(), secrets);
    if (status == NATS_NOT_PERMITTED) {
        if (const auto subject = forbidden_subject(detail); !subject.empty()) call(requests.forbid(subject));
    } else if (status == NATS_SLOW_CONSUMER) {
        text = "a subscription could not keep up, so messages were dropped";
    }
    {
        const std::lock_guard lock(mutex);
        problem = text;
    }
    report(std::move(text));
}

void Connection::Impl::report(std::string text) {
    loop.post([impl = weak_from_this(), text = std::move(text)] {
        if (const auto alive = impl.lock(); alive && alive->events.error) alive->events.error(text);
    });
}

SendResult Connection::Impl::send(const Message& message, const std::string& reply) {
    check_subject(message.subject, false, "publish");
    if (!reply.empty()) check_subject(reply, false, "publish: reply");
    check_headers(message);
    return send_checked(message, reply);
}

SendResult Connection::Impl::answer(const std::string& subject, std::string_view data) {
    return result_of(natsConnection_Publish(handle.get(), subject.c_str(), data.data(), static_cast<int>(data.size())));
}

SendResult Connection::Impl::send_checked(const Message& message, const std::string& reply) {
    constexpr std::size_t most = 1u << 30;  // the library counts in int
    if (payload_size(message) > most) return SendResult::too_large;
    const char* answer_to = reply.empty() ? nullptr : reply.c_str();
    const int length = static_cast<int>(message.data.size());
    natsStatus status = NATS_OK;
    if (message.headers.empty()) {
        const char* subject = message.subject.c_str();
        const char* data = message.data.data();
        status = answer_to == nullptr ? natsConnection_Publish(handle.get(), subject, data, length)
                                      : natsConnection_PublishRequest(handle.get(), subject, answer_to, data, length);
    } else {
        natsMsg* raw = nullptr;
        status = natsMsg_Create(&raw, message.subject.c_str(), answer_to, message.data.data(), length);
        const MessageHandle made(raw);
        for (const auto& [name, value] : message.headers.fields())
            if (status == NATS_OK) status = natsMsgHeader_Add(raw, name.c_str(), value.c_str());
        if (status == NATS_OK) status = natsConnection_PublishMsg(handle.get(), raw);
    }
    return result_of(status);
}

std::uint64_t Connection::Impl::epoch() const noexcept {
    std::uint64_t unused = 0;
    std::uint64_t reconnects = 0;
    const std::lock_guard lock(statistics_mutex_);
    if (natsConnection_GetStats(handle.get(), statistics_.get()) == NATS_OK)
        natsStatistics_GetCounts(statistics_.get(), &unused, &unused, &unused, &unused, &reconnects);
    return reconnects + (connected_at_once_ ? 1 : 0);
}

bool Connection::Impl::connected() const noexcept {
    const auto status = natsConnection_Status(handle.get());
    return status == NATS_CONN_STATUS_CONNECTED || status == NATS_CONN_STATUS_DRAINING_SUBS ||
           status == NATS_CONN_STATUS_DRAINING_PUBS;
}

void Connection::Impl::request(Message message, milliseconds timeout, std::function<void(Answer)> done) {
    check_subject(message.subject, false, "request");
    check_headers(message);
    make_request_inbox();
    const auto now = net::now();
    const auto number = requests.add(message.subject, epoch(), timeout, now, std::move(done));
    if (!number) throw NotSent("request to " + message.subject + ": the connection to the broker is closed");
    request_deadline->set(now + timeout);
    const auto result = send_checked(message, request_inbox + "." + std::to_string(*number));
    if (result == SendResult::sent) return;
    std::exception_ptr error;
    if (result == SendResult::too_large) {
        requests.remove(*number);
        throw ConfigError("request to " + message.subject + ": " + std::to_string(payload_size(message)) +
                          " bytes of body and headers are over the broker's payload limit");
    }
    if (result == SendResult::not_connected)
        error = std::make_exception_ptr(NotSent("request to " + message.subject + ": not connected to the broker"));
    else
        error = std::make_exception_ptr(
            LostRequest("request to " + message.subject + ": the connection broke, so the outcome is unknown"));
    // Not from inside this function: its caller may hold a lock.
    requests.fail(*number, error, now);
    request_deadline->set(now);
}

void Connection::Impl::make_request_inbox() {
    std::call_once(request_inbox_made, [&] {
        request_answers = subscribe(
            request_inbox + ".*", {}, [this](Message message) { on_answer(std::move(message)); }, 0);
    });
}

void Connection::Impl::on_answer(Message message) {
    const auto token =
        std::string_view(message.subject).substr(std::min(request_inbox.size() + 1, message.subject.size()));
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (error != std::errc() || end != token.data() + token.size()) return;
    call(requests.answer(number, std::move(message)));
}

void Connection::Impl::on_deadline() {
    call(requests.expire(net::now()));
    if (const auto next = requests.next_deadline()) request_deadline->set(*next);
}

std::unique_ptr<Subscription> Connection::Impl::subscribe(const std::string& subject, const std::string& queue_group,
                                                          Subscription::Received received, std::size_t max_waiting) {
    auto failed = [this, subject](const std::exception& error) {
        report("a message on " + subject + " was dropped: " + error.what());
    };
    return std::make_unique<Subscription>(handle.get(), subject, queue_group, std::move(received), std::move(failed),
                                          max_waiting, secrets);
}

std::string Connection::Impl::new_inbox() const {
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    constexpr std::size_t length = 22;
    std::string name = options.inbox_prefix + ".";
    const std::lock_guard lock(random_mutex_);
    for (std::size_t i = 0; i < length; ++i)
        name += digits[random_.next() % digits.size()];
    return name;
}

std::shared_ptr<Connection::Impl::Listener> Connection::Impl::listen(
    std::function<void(ConnectionChange)> changed_function) {
    auto listener = std::make_shared<Listener>();
    listener->changed = std::move(changed_function);
    const std::lock_guard lock(mutex);
    // Those that have ended, because a connection that lasts has no change that would remove them.
    std::erase_if(listeners, [](const auto& present) { return present.expired(); });
    listeners.push_back(listener);
    return listener;
}

}  // namespace intent::relay::broker
