#include "tools/intent/support/doctor_checks.hpp"

#include "net/clock.hpp"
#include "net/environment.hpp"
#include "net/url.hpp"
#include "text/http_date.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/json.hpp"

#include <intent/errors.hpp>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <variant>

namespace tool {

namespace net = intent::net;
using State = Finding::State;
using std::chrono::milliseconds;

namespace {

/// The addresses of a host, or the error of the lookup.
std::variant<std::set<std::string>, std::string> addresses_of(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    if (error != 0) return std::string(gai_strerror(error));
    std::set<std::string> all;
    for (const addrinfo* one = found; one; one = one->ai_next) {
        char text[NI_MAXHOST] = {};
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
            all.insert(text);
    }
    freeaddrinfo(found);
    return all;
}

std::string advice_for(const net::HttpFailure& failure) {
    switch (failure.kind) {
        case net::HttpFailure::Kind::tls:
            return "check that the URL names the host of the certificate, that this computer's clock is right and its "
                   "ca-certificates are installed";
        case net::HttpFailure::Kind::timeout:
            return "a firewall may drop the packets, or a proxy is needed (HTTPS_PROXY)";
        case net::HttpFailure::Kind::connect:
            return "check --rest (INTENT_REST_URL), and that the server runs and is not behind a firewall";
        default:
            return "check --rest (INTENT_REST_URL): the server there may not be a REST API";
    }
}

/// The advice after a failure through a proxy, by the result of a repetition without it.
std::string advice_for_proxy(const net::ProxyAddress& proxy, const std::string& host, bool works_without) {
    if (works_without) return fmt::format("without the proxy it works: add {} to NO_PROXY", host);
    return fmt::format("without the proxy it fails as well; ask the operator of {} whether it allows {}", proxy.place(),
                       host);
}

/// The first result of a connection to the gateway.
struct Meeting {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<std::string> user;
    bool resumable = false;
    std::optional<std::string> failure;
    bool refused = false;         ///< the token
    bool refused_config = false;  ///< version, intents, shard

    bool over() const { return user || failure; }
    void close(const intent::Disconnect& end) {
        const std::lock_guard lock(mutex);
        refused = refused || end.code == 4004;
        refused_config = refused_config || end.code == 4010 || end.code == 4012 || end.code == 4013;
        if (!over()) failure = fmt::format("closed with {}{}{}", end.code, end.reason.empty() ? "" : ": ", end.reason);
        changed.notify_all();
    }
    void fail(const intent::ErrorEvent& event) {
        const std::lock_guard lock(mutex);
        try {
            event.raise();
        } catch (const intent::AuthenticationError&) {
            refused = true;
        } catch (const intent::GatewayConfigError&) {
            refused_config = true;
        } catch (...) {
            // The text below covers it.
        }
        failure = event.message;  // it is more specific than the close
        changed.notify_all();
    }
};

}  // namespace

void Doctor::report(Finding finding) {
    finding.text = secrets_of(options_.token).redact(finding.text);  // it may contain text of a server
    if (!ended_ && !on_finding_(finding)) ended_ = true;
}

void Doctor::examine(const std::function<bool(const Finding&)>& on_finding) {
    on_finding_ = on_finding;
    options_ = addresses(connection_);
    report(check_token());
    const Way rest = check_way("rest", options_.rest_url, false);
    if (rest.known) {
        check_rest(rest);
    } else {
        report({.check = "rest", .state = State::skipped, .text = "its host cannot be reached"});
    }
    const Way gateway = check_way("gateway", options_.gateway_url, true);
    if (gateway.known && !options_.token.empty()) {
        check_gateway(gateway);
    } else {
        report({.check = "gateway",
                .state = State::skipped,
                .text = gateway.known ? "there is no token" : "its host cannot be reached"});
    }
}

Finding Doctor::check_token() {
    Finding finding{.check = "token"};
    try {
        options_.token = token_of(connection_);
    } catch (const std::exception& error) {
        finding.state = State::problem;
        finding.text = error.what();
        finding.advice = "copy it again from where the bot was created";
        return finding;
    }
    const auto text = options_.token.reveal();
    if (text.starts_with("bot_")) {
        finding.text = fmt::format("a bot token, {} characters", text.size());
    } else if (text.starts_with("usr_")) {
        finding.state = State::warning;
        finding.text = "a user token, valid for at most 7 days";
        finding.advice = "use the bot's own token, bot_…";
    } else {
        finding.text = fmt::format("unknown kind, {} characters; self-hosted servers may use it", text.size());
    }
    return finding;
}

Doctor::Way Doctor::check_way(const std::string& part, const std::string& url, bool web_socket) {
    const auto parsed = web_socket ? net::parse_url(url, "ws", "wss") : net::parse_url(url, "http", "https");
    if (const auto* fault = std::get_if<std::string>(&parsed)) {
        throw WrongUsage(part + "_url: " + *fault);
    }
    Way way{std::get<net::Url>(parsed)};
    const auto choice = net::choose_proxy(net::proxies_from_environment(), way.url);
    if (const auto* problem = std::get_if<std::string>(&choice)) {
        report({.check = part + " proxy",
                .state = State::problem,
                .text = *problem,
                .advice = "set an http:// proxy, or add " + way.url.host + " to NO_PROXY"});
        return way;
    }
    std::string note = way.url.secure() ? "" : "; without TLS";
    if (const auto* proxy = std::get_if<net::ProxyAddress>(&choice)) {
        way.proxy = *proxy;
        report({.check = part + " proxy", .text = "requests to " + way.url.host + " go through " + proxy->place()});
        note = "; the proxy looks up " + way.url.host;
    }
    const Finding name = check_name(part + " name", way.proxy ? way.proxy->host : way.url.host, note);
    report(name);
    way.known = name.state == State::ok;
    return way;
}

Finding Doctor::check_name(const std::string& check, const std::string& host, const std::string& note) {
    Finding finding{.check = check};
    const auto found = addresses_of(host);
    if (const auto* error = std::get_if<std::string>(&found)) {
        finding.state = State::problem;
        finding.text = host + ": " + *error;
        finding.advice = "check the spelling in the URL, and this computer's DNS";
        return finding;
    }
    std::string list;
    for (const auto& address : std::get<std::set<std::string>>(found))
        list += (list.empty() ? "" : ", ") + address;
    finding.text = host + " is " + list + note;
    return finding;
}

void Doctor::check_rest(const Way& way) {
    Http http;
    std::string base = options_.rest_url;
    while (base.ends_with('/'))
        base.pop_back();
    net::HttpRequest request{.method = "GET", .url = base + "/users/@me", .timeout = timeout_};
    if (!options_.token.empty()) {
        request.headers.emplace_back("authorization", "Bearer " + std::string(options_.token.reveal()));
    }
    const auto sent = net::now();
    const auto sent_at = net::system_now();
    const auto result = http.call(request);
    const auto took = std::chrono::duration_cast<milliseconds>(net::now() - sent);
    Finding finding{.check = "rest"};
    if (const auto* failure = std::get_if<net::HttpFailure>(&result)) {
        finding.state = State::problem;
        finding.text = failure->text;
        finding.advice = advice_for(*failure);
        if (way.proxy) {
            Http direct{net::ProxyRules{}};
            const bool answered = std::holds_alternative<net::HttpResponse>(direct.call(request));
            finding.advice = advice_for_proxy(*way.proxy, way.url.host, answered);
        }
        return report(finding);
    }
    const auto& answer = std::get<net::HttpResponse>(result);
    const auto body = parsed_json(answer.body);
    finding.text = fmt::format("{} after {} ms", answer.status, took.count());
    if (answer.status == 200 && body) {
        finding.text += ", as " + text_at(*body, "username");
    } else if (answer.status == 401 && options_.token.empty()) {
        finding.text += ", as expected without a token";
    } else if (answer.status == 401) {
        finding.state = State::problem;
        finding.refused = true;
        finding.text += ": the token is refused";
        finding.advice = "it was revoked, has expired, or belongs to another server";
    } else {
        finding.state = State::problem;
        finding.text += body ? ": " + text_at(*body, "error") : ", without JSON";
        finding.advice = "check the base path in --rest (INTENT_REST_URL), e.g. https://HOST/v1";
    }
    report(finding);

    const auto limit = header(answer, "x-ratelimit-limit");
    const bool whole = limit && header(answer, "x-ratelimit-remaining") && header(answer, "x-ratelimit-reset") &&
                       header(answer, "x-ratelimit-bucket");
    if (whole) {
        report({.check = "rate limits", .text = "reported by headers"});
    } else {
        report({.check = "rate limits",
                .state = State::warning,
                .text = limit ? "some of the X-RateLimit headers are missing" : "there are no X-RateLimit headers",
                .advice = "bots use the limits of the specification instead; a proxy may remove headers"});
    }
    check_clock(header(answer, "date").value_or(""), sent_at + took / 2);
}

void Doctor::check_clock(const std::string& date, std::chrono::system_clock::time_point middle) {
    Finding finding{.check = "clock"};
    const auto server = intent::text::parse_http_date(date);
    if (!server) {
        finding.state = State::warning;
        finding.text = date.empty() ? "the server sends no Date" : "the server's Date is invalid";
        finding.advice = "this computer's clock could not be compared";
        return report(finding);
    }
    // The header has whole seconds: add half a second as the expected fraction.
    const auto skew = std::chrono::duration<double>(*server + milliseconds(500) - middle).count();
    if (skew > -5 && skew < 5) {
        finding.text = "within 5 s of the server's";
    } else {
        finding.state = std::abs(skew) < 60 ? State::warning : State::problem;
        finding.text = fmt::format("{:.0f} s {} the server's", std::abs(skew), skew > 0 ? "behind" : "ahead of");
        finding.advice = "synchronize it by NTP; certificates and signed deliveries depend on it";
    }
    report(finding);
}

void Doctor::check_gateway(const Way& way) {
    auto options = options_;
    options.log = connection_.verbose ? log_for_people(intent::LogLevel::debug) : nullptr;
    options.handler_threads = 1;
    options.caches = {
        .servers = 0, .channels = 0, .users = 0, .members = 0, .roles = 0, .messages = 0, .voice_states = 0};
    Finding finding = meet(options);
    if (finding.state == State::problem && way.proxy && !finding.refused) {
        options.proxy = intent::Proxy::off();
        finding.advice = advice_for_proxy(*way.proxy, way.url.host, meet(options).state == State::ok);
    }
    report(finding);
}

Finding Doctor::meet(intent::ClientOptions options) {
    const auto meeting = std::make_shared<Meeting>();
    Finding finding{.check = "gateway"};
    const auto begun = net::now();
    intent::Client client(std::move(options));
    client.on([meeting](const intent::Ready& ready) {
        const std::lock_guard lock(meeting->mutex);
        meeting->user = ready.user.username;
        meeting->resumable = ready.session_id.has_value();
        meeting->changed.notify_all();
    });
    client.on([meeting](const intent::Disconnect& end) { meeting->close(end); });
    client.on([meeting](const intent::ErrorEvent& event) { meeting->fail(event); });
    client.start();
    {
        std::unique_lock lock(meeting->mutex);
        meeting->changed.wait_for(lock, timeout_, [&] { return meeting->over(); });
    }
    const auto took = std::chrono::duration_cast<milliseconds>(net::now() - begun);
    client.stop();

    const std::lock_guard lock(meeting->mutex);
    if (meeting->user) {
        finding.text = fmt::format("Ready after {} ms, as {}{}", took.count(), *meeting->user,
                                   meeting->resumable ? "" : "; sessions cannot be resumed here");
        return finding;
    }
    finding.state = State::problem;
    finding.text = meeting->failure.value_or(fmt::format("no Ready within {} ms", timeout_.count()));
    finding.advice = "check --gateway (INTENT_GATEWAY_URL); a proxy or firewall may block WebSockets";
    finding.refused = meeting->refused;
    if (meeting->refused) finding.advice = "it was revoked, has expired, or belongs to another server";
    if (meeting->refused_config) finding.advice = "the server rejects this version or these intents";
    return finding;
}

}  // namespace tool
