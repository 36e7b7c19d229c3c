#include "client/api/rest_calls.hpp"

namespace intent::client {

namespace {

/// The key under which an answer may wrap a value (protocol §9); with an `s`, the key of a list. Empty: not wrapped.
template <class T>
constexpr const char* key_of = "";
template <>
constexpr const char* key_of<raw::Server> = "server";
template <>
constexpr const char* key_of<raw::Channel> = "channel";
template <>
constexpr const char* key_of<raw::Message> = "message";
template <>
constexpr const char* key_of<raw::User> = "user";
template <>
constexpr const char* key_of<raw::Role> = "role";
template <>
constexpr const char* key_of<raw::Invite> = "invite";
template <>
constexpr const char* key_of<raw::Webhook> = "webhook";
template <>
constexpr const char* key_of<raw::VoiceRegion> = "region";

/// How to read one kind of result, here plain data.
template <class T>
struct AnswerOf {
    using Raw = T;
    static auto read(std::string_view body) { return codec::from_json_wrapped<T>(body, key_of<T>); }
    static T make(const Context&, const UnderWay&, T value) { return value; }
};

/// The types of values that REST answers add to the caches.
template <class Raw>
concept Cached = requires(Freshness& freshness, const Raw& value) {
    freshness.fresh(value, Freshness::Mark{});
};

template <class T>
concept IsStructure = requires {
    typename T::Raw;
};

template <IsStructure T>
struct AnswerOf<T> : AnswerOf<typename T::Raw> {
    using Raw = typename T::Raw;
    static T make(const Context& context, const UnderWay& call, Raw value) {
        if constexpr (Cached<Raw>) context->dispatcher().caches().take(value, call.mark());
        return T(std::move(value), context->ref());
    }
};

template <class T>
struct AnswerOf<std::vector<T>> {
    using Raw = typename AnswerOf<T>::Raw;
    static auto read(std::string_view body) { return codec::from_json_list<Raw>(body, std::string(key_of<Raw>) + "s"); }
    static std::vector<T> make(const Context& context, const UnderWay& call, std::vector<Raw> values) {
        std::vector<T> list;
        list.reserve(values.size());
        for (auto& value : values)
            list.push_back(AnswerOf<T>::make(context, call, std::move(value)));
        return list;
    }
};

/// Makes a member of a plain user (protocol §9).
raw::Member member_of(ServerId server, raw::User user) {
    raw::Member member;
    member.user = std::move(user);
    member.server_id = server;
    return member;
}

/// Sets the server of a member if it is missing, and caches the member.
raw::Member taken(const Context& context, const UnderWay& call, ServerId server, raw::Member member) {
    if (!member.server_id) member.server_id = server;
    context->dispatcher().caches().take(member, call.mark());
    return member;
}

}  // namespace

template <class Result>
task<Result> call_for(Context context, rest::Call call) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto value = AnswerOf<Result>::read(answer.body);
    if (!value) unreadable(context, running.request(), answer, value.failure());
    co_return AnswerOf<Result>::make(context, under_way, *std::move(value));
}

template task<Server> call_for(Context, rest::Call);
template task<Channel> call_for(Context, rest::Call);
template task<Message> call_for(Context, rest::Call);
template task<User> call_for(Context, rest::Call);
template task<Role> call_for(Context, rest::Call);
template task<Invite> call_for(Context, rest::Call);
template task<Webhook> call_for(Context, rest::Call);
template task<AcceptedInvite> call_for(Context, rest::Call);
template task<raw::TurnCredentials> call_for(Context, rest::Call);
template task<std::vector<Server>> call_for(Context, rest::Call);
template task<std::vector<Channel>> call_for(Context, rest::Call);
template task<std::vector<Message>> call_for(Context, rest::Call);
template task<std::vector<Role>> call_for(Context, rest::Call);
template task<std::vector<Invite>> call_for(Context, rest::Call);
template task<std::vector<Webhook>> call_for(Context, rest::Call);
template task<std::vector<raw::VoiceRegion>> call_for(Context, rest::Call);

task<> call_for_nothing(Context context, rest::Call call) {
    RestCall running(std::move(context), std::move(call));
    co_await running;
}

task<std::string> call_for_json(Context context, rest::Call call, EmptyAnswer empty) {
    RestCall running(context, std::move(call));
    auto answer = co_await running;
    if (!answer.body.empty() || empty == EmptyAnswer::refused) {
        const auto parsed = codec::json_to_msgpack(answer.body);
        if (!parsed) unreadable(context, running.request(), answer, parsed.failure());
    }
    co_return std::move(answer.body);
}

task<Member> one_member(Context context, ServerId server, rest::Call call) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto member = codec::from_json_wrapped<raw::Member>(answer.body, "member");
    if (member) co_return Member(taken(context, under_way, server, *std::move(member)), context->ref());
    auto user = codec::from_json_wrapped<raw::User>(answer.body, "member");
    if (!user) unreadable(context, running.request(), answer, member.failure());
    co_return Member(member_of(server, *std::move(user)), context->ref());
}

task<std::vector<Member>> member_list(Context context, ServerId server, rest::Call call) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    std::vector<Member> list;
    if (auto members = codec::from_json_list<raw::Member>(answer.body, "members")) {
        for (auto& member : *members)
            list.emplace_back(taken(context, under_way, server, std::move(member)), context->ref());
        co_return list;
    }
    auto users = codec::from_json_list<raw::User>(answer.body, "members");
    if (!users) unreadable(context, running.request(), answer, users.failure());
    for (auto& user : *users)
        list.emplace_back(member_of(server, std::move(user)), context->ref());
    co_return list;
}

/// Without `waits`, an unreadable answer is ignored, because the message was posted anyway.
task<std::optional<Message>> webhook_execution(Context context, rest::Call call, bool waits) {
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    if (answer.body.find_first_not_of(" \t\r\n") == std::string::npos) co_return std::nullopt;
    auto message = codec::from_json_wrapped<raw::Message>(answer.body, "message");
    if (message) co_return Message(*std::move(message), context->ref());
    if (waits) unreadable(context, running.request(), answer, message.failure());
    co_return std::nullopt;
}

}  // namespace intent::client
