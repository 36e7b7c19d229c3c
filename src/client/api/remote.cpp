// What the component `relay` uses of a client (include/intent/detail/remote.hpp).
#include "client/api/awaiters.hpp"
#include "client/api/remote_access.hpp"
#include "client/async/scope_state.hpp"
#include "client/async/thread_context.hpp"

#include <intent/detail/remote.hpp>
#include <intent/errors.hpp>

#include <utility>
#include <variant>

namespace intent::inline v0 {

namespace detail {

RemoteSink::~RemoteSink() = default;
Remote::~Remote() = default;

const std::vector<std::string_view>& names_of_changes() {
    static const std::vector<std::string_view> names = {
        "SERVER_CREATE",  "SERVER_UPDATE",       "SERVER_DELETE",      "CHANNEL_CREATE",
        "CHANNEL_UPDATE", "CHANNEL_DELETE",      "MEMBER_ADD",         "MEMBER_REMOVE",
        "MEMBERS_CHUNK",  "GUILD_MEMBERS_CHUNK", "VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE",
    };
    return names;
}

std::shared_ptr<PendingDispatch> hold_dispatch() noexcept {
    const auto* const pending = client::handled_event().pending;
    return pending != nullptr ? *pending : nullptr;
}

namespace {

/// A share of the queue's limit.
class HeldBytes {
public:
    HeldBytes(std::shared_ptr<Executor> executor, std::size_t bytes) : executor_(std::move(executor)), bytes_(bytes) {
        executor_->hold(bytes_);
    }
    ~HeldBytes() { executor_->release(bytes_); }
    HeldBytes(const HeldBytes&) = delete;
    HeldBytes& operator=(const HeldBytes&) = delete;

private:
    const std::shared_ptr<Executor> executor_;
    const std::size_t bytes_;
};

}  // namespace

std::shared_ptr<const void> hold_bytes(std::size_t bytes) {
    const auto& executor = client::ThreadContext::place().executor;
    if (!executor) return nullptr;
    return std::make_shared<const HeldBytes>(executor, bytes);
}

std::string session_of(const Client& client) { return RemoteAccess::context(client)->session_id(); }

void open_endpoint(Client& client) { RemoteAccess::context(client)->open_endpoint(); }

namespace {

using Kind = RemoteAnswer::Kind;

RemoteAnswer failed(Kind kind, std::string text = {}, int status = 0) {
    return {.kind = kind, .status = status, .text = std::move(text)};
}

RemoteAnswer answer_of(net::HttpFailure failure) {
    const auto kind = failure.kind == net::HttpFailure::Kind::timeout ? Kind::timeout
                      : failure.request_sent                          ? Kind::broken
                                                                      : Kind::not_sent;
    return failed(kind, std::move(failure.text));
}

RemoteAnswer answer_of(runner::RestFailed failure) {
    switch (failure.reason) {
        case limits::FailReason::unauthorized:
            return failed(Kind::token_refused);
        case limits::FailReason::wait_too_long:
            return failed(Kind::wait_too_long);
        case limits::FailReason::cancelled:
        case limits::FailReason::stopped:
            break;
    }
    if (failure.maybe_sent) return failed(Kind::broken, "the client was stopped while the request was under way");
    return failed(Kind::cancelled, "the client was stopped");
}

RemoteAnswer answer_of(net::HttpResponse response) {
    return {.kind = Kind::answered,
            .status = response.status,
            .headers = std::move(response.headers),
            .body = std::move(response.body)};
}

RemoteAnswer answer_of(runner::WebhookGone gone) { return failed(Kind::webhook_gone, {}, gone.status); }
RemoteAnswer answer_of(runner::RequestInvalid invalid) { return failed(Kind::invalid, std::move(invalid.text)); }
RemoteAnswer answer_of(runner::OutcomeUnknown unknown) {
    return failed(Kind::unknown_outcome, std::move(unknown.text));
}

}  // namespace

task<RemoteAnswer> answer_request(Client& client, RemoteRequest request) {
    const client::Context context = RemoteAccess::context(client);
    auto call = rest::any_path(request.method, request.path, request.body);
    if (auto* invalid = std::get_if<rest::Invalid>(&call)) co_return failed(Kind::invalid, std::move(invalid->text));
    auto& checked = std::get<rest::Request>(call);
    checked.max_wait = request.max_wait;
    checked.trace = request.trace;
    client::RestExchange exchange(context, std::move(call));
    auto outcome = co_await exchange;
    co_return std::visit([](auto& how) { return answer_of(std::move(how)); }, outcome);
}

}  // namespace detail
}  // namespace intent
