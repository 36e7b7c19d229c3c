// The REST API: requests in, answers out (protocol §9-§11). No socket and no clock.
#pragma once

#include "sandbox/base/clock_reading.hpp"
#include "sandbox/base/passwords.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/rest/limiter.hpp"
#include "sandbox/rest/router.hpp"

#include <intent/sandbox.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::sandbox {

struct ApiRequest {
    std::string method;
    std::string path;  ///< below the REST base
    std::string query = {};
    std::string authorization = {};
    std::string body = {};
    std::string peer = {};             ///< address, for the limits of those without a token
    std::string wanted_headers = {};   ///< what a browser asks in a preflight (Access-Control-Request-Headers)
    std::string origin = {};           ///< whose page a browser asks for, let in by the caller; empty: no browser
    std::optional<UserId> actor = {};  ///< set: acts as this user, whatever the token, and without limits
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct PasswordStep;

struct ApiReply {
    int status = 200;
    Headers headers = {};
    std::string body = {};
    /// Set: this is no answer yet. When the step's work is done, on whatever thread, `finish` makes one.
    std::shared_ptr<PasswordStep> step = {};
};

/// A password is to be hashed or checked before the request can be answered.
struct PasswordStep {
    PasswordWork work;
    /// Null: it could not be done, because too many others wait.
    std::function<ApiReply(const PasswordResult* result, ClockReading now)> finish;
};

class Fields;

/// Answers every request, whatever it is: refusals and failures become answers too.
///
/// Threads: one at a time.
class Api {
public:
    Api(Platform& platform, Store& store, SandboxDialect dialect, bool limits);

    /// The reply may ask for a password's work first (`ApiReply::step`).
    ApiReply begin(const ApiRequest& request, ClockReading now);
    /// The answer at once, whatever it takes.
    ApiReply handle(const ApiRequest& request, ClockReading now);
    /// The answer of a `rate_limit` fault: what the limits would say, of the route's bucket or, where it has none of
    /// its own or the fault's scope is global, of all requests.
    ApiReply held_up(const ApiRequest& request, const SandboxFault& fault, Timestamp now) const;

    /// The address of the API, for the URLs of webhooks; they have none until it is set.
    void set_base(std::string url) { base_ = std::move(url); }
    /// What the one voice region says as its address.
    void set_voice_endpoint(std::string url) { voice_endpoint_ = std::move(url); }
    std::vector<BucketView> buckets(Limiter::Time now) const { return limiter_.list(now); }
    void forget_limits() { limiter_ = {}; }

private:
    /// A request that was let in.
    struct Call {
        const ApiRequest& request;
        Match match;
        UserId actor;  ///< nobody on public routes
        Timestamp now;
    };

    ApiReply answer(const ApiRequest& request, ClockReading now, ApiReply& limit_headers);
    std::optional<UserId> authenticate(const ApiRequest& request, Timestamp now) const;
    void resolve_channel(Match& match) const;
    std::optional<ApiReply> limit(const ApiRequest& request, const std::optional<Match>& match,
                                  std::optional<UserId> actor, ClockReading now, ApiReply& headers);
    ApiReply run(const Call& call);
    ApiReply run_servers(const Call& call);
    ApiReply run_channels(const Call& call);
    ApiReply run_messages(const Call& call);
    ApiReply run_members(const Call& call);
    ApiReply run_roles(const Call& call);
    ApiReply run_invites(const Call& call);
    ApiReply run_webhooks(const Call& call);
    ApiReply run_webhooks_own(const Call& call);
    ApiReply run_users(const Call& call);
    ApiReply run_accounts(const Call& call);
    ApiReply log_in(const Call& call, const Fields& fields);
    ApiReply sign_up(const Fields& fields);
    ApiReply run_voice(const Call& call);
    ApiReply run_direct(const Call& call);

    /// Wrapped under `key` in the dialect that wraps; without a key, plain in every dialect.
    template <class T>
    ApiReply list(std::string_view key, const std::vector<T>& items) const;
    ApiReply list_json(std::string_view key, const std::vector<std::string>& items) const;
    ApiReply webhook_reply(int status, raw::Webhook webhook) const;
    ApiReply own_webhook_reply(raw::Webhook webhook) const;
    void add_url(raw::Webhook& webhook) const;

    Platform& platform_;
    Store& store_;
    SandboxDialect dialect_;
    bool limits_;
    std::string base_;
    std::string voice_endpoint_;
    Limiter limiter_;
};

/// Lets a page of this origin read the answer (CORS). The bearer token tells who calls: no browser adds it by itself.
/// Does nothing if that was done already.
void add_cross_origin_headers(Headers& headers, const std::string& origin);
ApiReply preflight_reply(const ApiRequest& request);

/// The word of a status (protocol §11): the reason itself is in the text.
std::string_view word_of(int status) noexcept;

/// `{"error": text, "code": code}`.
ApiReply error_reply(int status, std::string_view code, std::string_view text);

/// 500: the sandbox itself failed.
ApiReply failure_reply(const std::exception& error);

/// The token of `Bearer <token>`; empty if there is none.
std::string_view bearer_token(std::string_view authorization) noexcept;

}  // namespace intent::sandbox
