// Handlers of registering, logging in and logging out.
#include "codec/utf8.hpp"
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/access.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {
namespace {

ApiReply login_reply(int status, const Login& login) {
    ApiReply reply{.status = status, .body = "{\"token\":"};
    codec::append_json_string(reply.body, login.token);
    reply.body += ",\"user\":" + json_of(login.user) + "}";
    return reply;
}

std::optional<std::string> fitting(const PasswordResult& result) {
    return result.fits ? std::optional(result.hash) : std::nullopt;
}

/// A reply that `finish` makes when the work is done.
template <class Finish>
ApiReply after_password(PasswordWork work, Finish finish) {
    auto step = std::make_shared<PasswordStep>();
    step->work = std::move(work);
    step->finish = [finish = std::move(finish)](const PasswordResult* result, ClockReading now) {
        if (result == nullptr) {
            ApiReply busy = error_reply(503, "BUSY", "too many are logging in or registering; try again in a second");
            busy.headers.emplace_back("Retry-After", "1");
            return busy;
        }
        if (result->failure) std::rethrow_exception(result->failure);
        return finish(*result, now.system);
    };
    return {.step = std::move(step)};
}

/// The seed's password is public, and pages of any origin may use the API: without this check any page in a browser on
/// this machine could act as the owner.
void check_origin(std::string_view origin, std::string_view name, std::string_view password) {
    if (origin.empty() || !Platform::is_seed_login(name, password) || is_loopback_origin(origin)) return;
    throw forbidden("Origin: with the password that " + std::string(name) +
                    " comes with only pages of this machine (localhost, 127.0.0.1, [::1]) may log in");
}

}  // namespace

ApiReply Handlers::register_user(const Call& call) {
    const Fields fields = call.fields();
    const auto name = fields.required_text("username");
    const auto email = fields.required_text("email");
    const auto password = fields.required_text("password");
    platform_.check_registration(name, email, password);
    return after_password({.password = password}, [this, name, email](const PasswordResult& result, Timestamp now) {
        return login_reply(201, platform_.register_user(name, email, result.hash, now));
    });
}

ApiReply Handlers::log_in(const Call& call) {
    const Fields fields = call.fields();
    const auto name = fields.required_text("username_or_email");
    const auto password = fields.required_text("password");
    check_origin(call.request().origin, name, password);
    return after_password({.password = password, .hash = platform_.password_hash(name)},
                          [this, name](const PasswordResult& result, Timestamp now) {
                              return login_reply(200, platform_.login(name, fitting(result), now));
                          });
}

ApiReply Handlers::log_out(const Call& call) {
    store_.remove_token(bearer_token(call.request().authorization));
    return empty_reply();
}

}  // namespace intent::sandbox
