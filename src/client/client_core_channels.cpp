// How a client fetches the channels of its servers.
#include "client/client_core.hpp"
#include "client/emit.hpp"
#include "client/rest_errors.hpp"
#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <exception>
#include <string>
#include <utility>
#include <variant>

namespace intent::detail {

namespace {

client::ChannelFetch::Answer channels_of(const rest::Request& request, runner::RestOutcome outcome,
                                         const text::Redactor& secrets) {
    using client::ChannelFetch;
    try {
        const auto answer = client::answer_of(request, std::move(outcome), secrets);
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

std::unique_ptr<client::ChannelFetch> ClientCore::make_channel_fetch(client::Engine& engine) {
    auto* running = &engine;
    client::ChannelFetch::Outside outside;
    outside.get = [this, running](ServerId server, std::function<void(client::ChannelFetch::Answer)> reply) {
        auto call = rest::get_channels(server);
        if (const auto* invalid = std::get_if<rest::Invalid>(&call))
            return reply(client::ChannelFetch::Failed{invalid->text});
        auto& request = std::get<rest::Request>(call);
        running->rest->submit(request, [this, request, reply = std::move(reply)](runner::RestOutcome outcome) {
            reply(channels_of(request, std::move(outcome), secrets()));
        });
    };
    outside.after = [running](std::chrono::milliseconds delay, std::function<void()> work) {
        running->after(delay, [work = std::move(work)](bool cancelled) {
            if (!cancelled) work();
        });
    };
    outside.complete = [this](ChannelsReady event) {
        const std::size_t failed = event.failed.size();
        std::string text = "the channels of " + std::to_string(event.servers) + " servers were fetched";
        if (failed > 0)
            text += ", those of " + std::to_string(failed) + " could not be; the first failure: " + event.error;
        log(failed > 0 ? LogLevel::warn : LogLevel::info, "client", text);
        emit_session_event("channels ready", std::move(event));
        engine_on_loop_->lanes->flush();
    };
    return std::make_unique<client::ChannelFetch>(std::move(outside), channels_, freshness_);
}

}  // namespace intent::detail
