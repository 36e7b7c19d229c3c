#include "client/api/settings.hpp"
#include "client/values/guarded_log.hpp"
#include "net/environment.hpp"
#include "net/proxy.hpp"

#include <intent/errors.hpp>
#include <intent/limits.hpp>
#include <intent/version.hpp>

#include <string>
#include <utility>
#include <variant>

namespace intent::client {

namespace {

net::Url checked_url(const std::string& text, const char* option, const char* plain, const char* secure) {
    auto url = net::parse_url(text, plain, secure);
    if (const auto* wrong = std::get_if<std::string>(&url)) throw ConfigError(std::string(option) + ": " + *wrong);
    return std::get<net::Url>(std::move(url));
}

/// Allowed, because the connection may run inside a private network.
void warn_if_not_encrypted(const char* option, const net::Url& url, const char* instead,
                           const std::shared_ptr<LogSink>& log) {
    if (url.secure() || net::is_this_machine(url.host)) return;
    GuardedLog{log}(LogLevel::warn, "client",
                    std::string(option) + ": " + url.scheme +
                        ":// is not encrypted: the token can be read on the way to " + url.host + "; use " + instead +
                        "://");
}

std::string base_of(const net::Url& url) {
    if (url.target.find('?') != std::string::npos)
        throw ConfigError("rest_url: contains a query; only a base path is allowed");
    std::string base = url.text();
    while (!base.empty() && base.back() == '/')
        base.pop_back();
    return base;
}

std::chrono::milliseconds checked_timeout(std::chrono::milliseconds timeout) {
    if (timeout < std::chrono::milliseconds(1) || timeout > std::chrono::hours(1)) {
        throw ConfigError("request_timeout: " + std::to_string(timeout.count()) + " ms; must be 1 ms to 1 h");
    }
    return timeout;
}

/// Checks a wait that may be 0 and is short enough that a clock cannot overflow.
std::optional<std::chrono::milliseconds> checked_wait(const char* option,
                                                      std::optional<std::chrono::milliseconds> wait) {
    if (wait && (wait->count() < 0 || *wait > std::chrono::hours(24))) {
        throw ConfigError(std::string(option) + ": " + std::to_string(wait->count()) + " ms; must be 0 to 24 h");
    }
    return wait;
}

std::optional<net::ListenAddress> metrics_endpoint(const MetricsOptions& options) {
    if (options.listen.empty()) return std::nullopt;
    auto address = net::parse_listen_address(options.listen);
    if (const auto* wrong = std::get_if<std::string>(&address))
        throw ConfigError("ClientOptions::metrics.listen: " + *wrong);
    return std::get<net::ListenAddress>(std::move(address));
}

}  // namespace

net::TlsOptions tls_options(const TlsSettings& settings) {
    return net::TlsOptions{settings.extra_ca_file, settings.dangerously_skip_verification};
}

net::ProxyRules proxy_rules(const Proxy& proxy, const net::Url& url) {
    net::ProxyRules rules;
    if (proxy.use() == Proxy::Use::environment) {
        rules = net::proxies_from_environment();
    } else if (proxy.use() == Proxy::Use::fixed) {
        if (proxy.url().empty()) throw ConfigError("proxy: the URL is empty; use Proxy::off() for no proxy");
        rules.plain = rules.secure = {"proxy", std::string(proxy.url().reveal())};
    }
    const auto choice = net::choose_proxy(rules, url);
    if (const auto* problem = std::get_if<std::string>(&choice)) {
        const bool named = proxy.use() == Proxy::Use::environment;
        throw ConfigError(*problem + (named ? "; unset it, add the host to NO_PROXY, or set the option `proxy`" : ""));
    }
    return rules;
}

RuntimeSettings rest_settings(RestOptions options) {
    const net::Url url = checked_url(options.rest_url, "rest_url", "http", "https");
    warn_if_not_encrypted("rest_url", url, "https", options.log);
    RuntimeSettings settings;
    settings.token = std::move(options.token);
    settings.rest.base_url = base_of(url);
    settings.rest.http.proxy = proxy_rules(options.proxy, url);
    settings.rest.http.tls = tls_options(options.tls);
    settings.rest.http.user_agent = "intent-cpp/" + std::string(version());
    settings.rest.timeout = checked_timeout(options.request_timeout);
    settings.rest.max_wait = checked_wait("max_rate_limit_wait", options.max_rate_limit_wait);
    settings.log = std::move(options.log);
    settings.clock = std::move(options.clock);
    return settings;
}

RuntimeSettings rest_settings(const ClientOptions& options) {
    if (options.token.empty()) throw ConfigError("token: empty; set ClientOptions::token, e.g. from token_from_env()");
    return remote_settings(options);
}

RuntimeSettings remote_settings(const ClientOptions& options) {
    if (options.handler_threads < 0 || options.handler_threads > 64) {
        throw ConfigError("handler_threads: " + std::to_string(options.handler_threads) + "; must be 0 to 64");
    }
    if (options.queue_bytes == 0) throw ConfigError("queue_bytes: 0; it must be at least 1");
    if (options.token.reveal().size() > limits::token_bytes) {
        throw ConfigError("token: " + std::to_string(options.token.reveal().size()) + " bytes; must be at most " +
                          std::to_string(limits::token_bytes) + ", so that Identify fits in a frame of 64 KiB");
    }
    using std::chrono::milliseconds;
    const milliseconds silence = options.silence_limit;
    if (silence != milliseconds(0) && (silence < std::chrono::minutes(1) || silence > std::chrono::hours(7 * 24))) {
        throw ConfigError("silence_limit: " + std::to_string(silence.count()) +
                          " ms; must be 1 min to 7 days, or 0 to disable it");
    }
    if (!options.session_file.empty() && options.session_store)
        throw ConfigError("session_store: session_file is set too; set only one of them");
    RuntimeSettings settings = rest_settings(RestOptions{.token = options.token,
                                                         .rest_url = options.rest_url,
                                                         .tls = options.tls,
                                                         .proxy = options.proxy,
                                                         .request_timeout = options.request_timeout,
                                                         .max_rate_limit_wait = options.max_rate_limit_wait,
                                                         .clock = options.clock,
                                                         .log = options.log});
    checked_wait("slow_handler_warning", options.slow_handler_warning);
    settings.handler_threads = static_cast<unsigned>(options.handler_threads);
    settings.queue_bytes = options.queue_bytes;
    settings.io_thread = options.io_thread;
    settings.collect_metrics = options.metrics.collect;
    settings.metrics_endpoint = metrics_endpoint(options.metrics);
    settings.metrics_source = options.metrics.source;
    settings.tracing = options.tracing;
    return settings;
}

net::Url gateway_url(const ClientOptions& options) {
    auto url = checked_url(options.gateway_url, "gateway_url", "ws", "wss");
    warn_if_not_encrypted("gateway_url", url, "wss", options.log);
    return url;
}

}  // namespace intent::client

namespace intent::inline v0 {

namespace {

/// Calls `parse` with the value of a variable, if it is set.
///
/// Errors: ConfigError that begins with its name.
template <class Parse>
void parse_variable(const char* name, Parse parse) {
    const auto value = net::environment_variable(name);
    if (!value) return;
    try {
        parse(*value);
    } catch (const ConfigError& error) {
        throw ConfigError(std::string(name) + ": " + error.what());
    }
}

LogOptions log_options_from_env() {
    LogOptions options;
    options.levels.lowest = LogLevel::warn;
    parse_variable("INTENT_LOG", [&](std::string_view text) { options.levels = parse_log_levels(text); });
    parse_variable("INTENT_LOG_FORMAT", [&](std::string_view text) { options.format = parse_log_format(text); });
    return options;
}

}  // namespace

ClientOptions options_from_env() {
    ClientOptions options;
    options.token = token_from_env();
    if (auto url = net::environment_variable("INTENT_GATEWAY_URL")) options.gateway_url = *std::move(url);
    if (auto url = net::environment_variable("INTENT_REST_URL")) options.rest_url = *std::move(url);
    if (auto file = net::environment_variable("INTENT_SESSION_FILE")) options.session_file = *std::move(file);
    if (auto address = net::environment_variable("INTENT_METRICS")) options.metrics.listen = *std::move(address);
    options.log = stderr_log(log_options_from_env());
    return options;
}

}  // namespace intent
