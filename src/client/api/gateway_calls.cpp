// The bot's gateway commands: presence, voice, members (protocol §4, §13).
#include "client/api/awaiters.hpp"
#include "client/api/remote_access.hpp"
#include "client/async/completion.hpp"
#include "rest/validate.hpp"

#include <intent/client.hpp>
#include <intent/detail/remote.hpp>
#include <intent/errors.hpp>
#include <intent/limits.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace {

using client::Answer;
using client::Commands;
using client::Context;
using client::Done;
using client::Reply;

std::exception_ptr stopped() {
    return std::make_exception_ptr(CancelledError("gateway command: the client was stopped"));
}

/// Awaits the result of `begin`, which is called on the I/O thread.
template <class T>
class CommandAwaiter {
public:
    using Begin = std::function<void(Commands&, Reply<T>)>;

    CommandAwaiter(Context context, Begin begin) : context_(std::move(context)), begin_(std::move(begin)) {}
    CommandAwaiter(const CommandAwaiter&) = delete;
    CommandAwaiter& operator=(const CommandAwaiter&) = delete;

    bool await_ready() const noexcept { return false; }

    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        const auto running = context_->running();
        if (!running) return false;
        waiting.promise().adopt(running->lanes()->home());
        client::Completion<Answer<T>> done(answer_, waiting, Answer<T>(stopped()));
        // After the post, the coroutine and this object may be destroyed at any moment.
        running->loop().post([&on = *running, &context = *context_, begin = std::move(begin_), done] {
            if (on.stopping()) return done(stopped());
            begin(context.commands(), done);
        });
        return true;
    }

    T await_resume() {
        if (!answer_) answer_.emplace(stopped());
        if (const auto* error = std::get_if<std::exception_ptr>(&*answer_)) std::rethrow_exception(*error);
        return std::get<T>(*std::move(answer_));
    }

private:
    Context context_;
    Begin begin_;
    std::optional<Answer<T>> answer_;
};

template <class Tag>
void check(const char* call, Snowflake<Tag> id, const char* what) {
    if (!id) throw ConfigError(std::string(call) + ": " + what + ": 0 is not an id");
}

void check(const char* call, std::chrono::milliseconds timeout) {
    if (timeout >= std::chrono::milliseconds(1) && timeout <= std::chrono::hours(1)) return;
    throw ConfigError(std::string(call) + ": timeout: " + std::to_string(timeout.count()) + " ms; must be 1 ms to 1 h");
}

/// Rejects text for which the server would close the connection (4002): too long, or not UTF-8.
void check_text(const char* call, const char* what, std::string_view text, std::size_t max = std::string_view::npos) {
    if (const auto wrong = rest::check_text(text, codec::at_most(max)))
        throw ConfigError(std::string(call) + ": " + what + *wrong);
}

/// Rejects a join for which, according to the cache, the server would close the connection (4011, protocol §6).
void check_voice_channel(client::Caches& caches, ServerId server, ChannelId channel) {
    const auto known = caches.known(channel);
    if (!known) return;
    const std::string what = "join_voice: channel_id: channel " + channel.str() + " ";
    if (known->server_id != server) {
        throw ConfigError(what + (known->server_id
                                      ? "is in server " + known->server_id.str() + ", not in " + server.str()
                                      : std::string("holds direct messages and is in no server")));
    }
    const auto type = known->type;
    if (type == ChannelType::text || type == ChannelType::category) {
        throw ConfigError(what + "is a " + (type == ChannelType::text ? "text channel (type 0)" : "category (type 2)") +
                          "; only a voice channel (type 1) can be joined");
    }
}

// Coroutines that own everything they use. Invalid arguments are reported by the awaited task, like every other error.

task<> ask_presence(Context context, Presence presence) {
    if (presence.status() == PresenceStatus::unknown)
        throw ConfigError("update_presence: presence: unknown is not a valid status");
    raw::PresenceRequest request{std::string(to_text(presence.status())), presence.since(), presence.is_afk()};
    CommandAwaiter<Done> asking(
        context, [request](Commands& commands, Reply<Done> reply) { commands.presence(request, std::move(reply)); });
    co_await asking;
}

task<VoiceServerUpdate> ask_join(Context context, ServerId server, ChannelId channel, VoiceOptions options) {
    check("join_voice", server, "server_id");
    check("join_voice", channel, "channel_id");
    check("join_voice", options.timeout());
    check_voice_channel(context->dispatcher().caches(), server, channel);
    const raw::VoiceStateRequest wanted{server, channel, options.is_muted(), options.is_deafened()};
    CommandAwaiter<raw::VoiceServerUpdate> asking(
        context, [wanted, timeout = options.timeout()](Commands& commands, Reply<raw::VoiceServerUpdate> reply) {
            commands.voice().join(wanted, timeout, std::move(reply));
        });
    auto update = co_await asking;
    co_return VoiceServerUpdate{std::move(update)};
}

task<> ask_leave(Context context, ServerId server) {
    check("leave_voice", server, "server_id");
    CommandAwaiter<Done> asking(
        context, [server](Commands& commands, Reply<Done> reply) { commands.voice().leave(server, std::move(reply)); });
    co_await asking;
}

task<> ask_mute(Context context, ServerId server, VoiceOptions state) {
    check("mute", server, "server_id");
    CommandAwaiter<Done> asking(context, [server, state](Commands& commands, Reply<Done> reply) {
        commands.voice().mute(server, state.is_muted(), state.is_deafened(), std::move(reply));
    });
    co_await asking;
}

task<> ask_signal(Context context, raw::VoiceSignal signal) {
    check_text("send_voice_signal", "sdp", signal.sdp.value_or(""));
    if (signal.voice_token) check_text("send_voice_signal", "voice_token", signal.voice_token->reveal());
    check_text("send_voice_signal", "candidate", signal.candidate.value_or(""));
    check_text("send_voice_signal", "sdp_mid", signal.sdp_mid.value_or(""));
    CommandAwaiter<Done> asking(
        context, [signal](Commands& commands, Reply<Done> reply) { commands.signal(signal, std::move(reply)); });
    co_await asking;
}

task<VoiceAnswer> ask_answer(Context context, VoiceServerUpdate voice, std::string offer,
                             std::chrono::milliseconds timeout) {
    check("negotiate_voice", timeout);
    check_text("negotiate_voice", "offer", offer);
    raw::VoiceSignal signal{.type = "offer"};
    signal.sdp = std::move(offer);
    signal.voice_token = std::move(voice.token);
    const client::VoicePlace place{voice.server_id, voice.channel_id};
    CommandAwaiter<std::string> asking(context, [place, signal, timeout](Commands& commands, Reply<std::string> reply) {
        commands.offers().offer(place, signal, timeout, std::move(reply));
    });
    auto answer = co_await asking;
    co_return VoiceAnswer(std::move(answer));
}

task<VoiceConnection> ask_connection(Context context, ServerId server, ChannelId channel,
                                     detail::Owned<detail::OfferMaker> maker, VoiceOptions options) {
    auto joining = ask_join(context, server, channel, options);
    VoiceServerUpdate voice = co_await std::move(joining);
    auto making = maker->make(voice);
    std::string offer = co_await std::move(making);
    auto negotiating = ask_answer(context, voice, std::move(offer), options.timeout());
    auto answer = co_await std::move(negotiating);
    co_return VoiceConnection{std::move(voice), std::move(answer)};
}

task<std::vector<Member>> ask_members(Context context, MemberQuery query) {
    check("request_members", query.server(), "server_id");
    check("request_members", query.timeout());
    if (query.limit() < 1 || query.limit() > int{limits::requested_members})
        throw ConfigError("request_members: limit: " + std::to_string(query.limit()) + "; must be 1 to " +
                          std::to_string(limits::requested_members));
    if (query.query()) check_text("request_members", "query", *query.query(), limits::member_query_length);
    const raw::MemberRequest what{query.server(), query.query(), query.limit(), query.wants_presences()};
    CommandAwaiter<std::vector<raw::Member>> asking(
        context, [what, timeout = query.timeout()](Commands& commands, Reply<std::vector<raw::Member>> reply) {
            commands.members().request(what, timeout, std::move(reply));
        });
    auto found = co_await asking;
    std::vector<Member> members;
    members.reserve(found.size());
    for (auto& member : found)
        members.emplace_back(std::move(member), context->ref());
    co_return members;
}

}  // namespace

task<> Client::update_presence(Presence presence) { return ask_presence(context_, presence); }

task<VoiceServerUpdate> Client::join_voice(ServerId server, ChannelId channel, VoiceOptions options) {
    return ask_join(context_, server, channel, options);
}
task<VoiceConnection> Client::connect_voice_with(ServerId server, ChannelId channel,
                                                 detail::Owned<detail::OfferMaker> maker, VoiceOptions options) {
    return ask_connection(context_, server, channel, std::move(maker), options);
}
task<VoiceAnswer> Client::negotiate_voice(VoiceServerUpdate voice, std::string offer,
                                          std::chrono::milliseconds timeout) {
    return ask_answer(context_, std::move(voice), std::move(offer), timeout);
}
task<> Client::leave_voice(ServerId server) { return ask_leave(context_, server); }
task<> Client::mute(ServerId server, VoiceOptions state) { return ask_mute(context_, server, state); }

task<> Client::send_voice_signal(VoiceOffer offer) {
    raw::VoiceSignal signal{.type = "offer"};
    signal.sdp = std::move(offer.sdp);
    signal.voice_token = std::move(offer.voice_token);
    return ask_signal(context_, std::move(signal));
}
task<> Client::send_voice_signal(VoiceAnswer answer) {
    raw::VoiceSignal signal{.type = "answer"};
    signal.sdp = std::move(answer.sdp);
    return ask_signal(context_, std::move(signal));
}
task<> Client::send_voice_signal(VoiceIce candidate) {
    raw::VoiceSignal signal{.type = "ice"};
    signal.candidate = std::move(candidate.candidate);
    signal.sdp_mid = std::move(candidate.sdp_mid);
    signal.sdp_mline_index = candidate.sdp_mline_index;
    return ask_signal(context_, std::move(signal));
}

task<std::vector<Member>> Client::request_members(MemberQuery query) { return ask_members(context_, std::move(query)); }

namespace detail {

task<> send_command(Client& client, std::uint8_t op, Payload data) {
    CommandAwaiter<Done> asking(
        RemoteAccess::context(client), [op, data = std::move(data)](Commands& commands, Reply<Done> reply) {
            commands.send(static_cast<codec::Opcode>(op), data, [reply](const session::CommandFailed* failure) {
                if (failure != nullptr)
                    reply(client::error_of(*failure, "gateway command"));
                else
                    reply(Done{});
            });
        });
    co_await asking;
}

}  // namespace detail
}  // namespace intent
