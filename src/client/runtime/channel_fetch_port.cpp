#include "client/runtime/channel_fetch_port.hpp"

#include "client/api/rest_errors.hpp"
#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <string>
#include <utility>
#include <variant>

namespace intent::client {

namespace {

ChannelFetch::Answer channels_of(const rest::Request& request, runner::RestOutcome outcome,
                                 const text::Redactor& secrets, Timestamp now) {
    try {
        const auto answer = answer_of(request, std::move(outcome), secrets, now);
        auto channels = codec::from_json_list<raw::Channel>(answer.body, "channels");
        if (channels) return *std::move(channels);
        return ChannelFetch::Failed{request.method + " " + request.route +
                                    ": an unreadable body: " + secrets.redact(channels.failure().text())};
    } catch (const CancelledError&) {
        return ChannelFetch::Stopped{};
    } catch (const UnauthorizedError& error) {
        return ChannelFetch::TokenRefused{error.what()};
    } catch (const Error& error) {
        return ChannelFetch::Failed{error.what()};
    }
}

}  // namespace

std::function<void(std::chrono::milliseconds, std::function<void()>)> timer_of(Running& running) {
    return [&running](std::chrono::milliseconds delay, std::function<void()> work) {
        running.after(delay, [work = std::move(work)](bool cancelled) {
            if (!cancelled) work();
        });
    };
}

std::unique_ptr<ChannelFetch> make_channel_fetch(const ClientOptions& options, Running& running, Dispatcher& dispatcher,
                                                 const std::shared_ptr<TokenStore>& tokens) {
    if (!options.fetch_channels || dispatcher.cache<raw::Channel>().off()) return nullptr;
    ChannelFetch::Port port;
    port.get = [&options, &running, tokens](ServerId server, std::function<void(ChannelFetch::Answer)> reply) {
        auto call = rest::get_channels(server);
        if (const auto* invalid = std::get_if<rest::Invalid>(&call)) return reply(ChannelFetch::Failed{invalid->text});
        const auto request = std::make_shared<const rest::Request>(std::get<rest::Request>(std::move(call)));
        running.rest().submit(
            request, [&options, tokens, request, reply = std::move(reply)](runner::RestOutcome outcome) {
                reply(channels_of(*request, std::move(outcome), tokens->secrets(), options.clock.wall_time()));
            });
    };
    port.after = timer_of(running);
    port.complete = [&options, &running, &dispatcher](ChannelsReady event) {
        const std::size_t failed = event.failed.size();
        std::string text = "the channels of " + std::to_string(event.servers) + " servers were fetched";
        if (failed > 0) text += ", " + std::to_string(failed) + " failed; first error: " + event.error;
        GuardedLog(options.log)(failed > 0 ? LogLevel::warn : LogLevel::info, "client", text);
        dispatcher.emit_session_event("channels ready", std::move(event));
        running.lanes()->flush();
    };
    auto& caches = dispatcher.caches();
    return std::make_unique<ChannelFetch>(std::move(port), caches.of<raw::Channel>(), caches.freshness());
}

}  // namespace intent::client
