// Questions and their answers: listening begins before the question is sent, the timeout when it is posted.
#include "client/api/structure_call.hpp"
#include "client/waiting/timed_waiter.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <algorithm>
#include <array>
#include <coroutine>
#include <deque>
#include <utility>

namespace intent::inline v0 {

namespace {

using client::Context;

constexpr std::array answer_events{detail::AllEvents::index_of<MessageCreate>()};

/// Waits for the answer among the messages of a channel. They are kept until the id of the question is known, because
/// earlier messages are not answers.
///
/// Threads: safe.
class Answers final : public client::TimedWaiter, public detail::Matcher {
public:
    Answers(ChannelId channel, detail::Test<Message> test) : TimedWaiter("ask"), test_(std::move(test)) {
        matcher = this;
        key = channel.value;
    }

    bool match(std::size_t, const void* event) override {
        const Message& message = static_cast<const MessageCreate*>(event)->message;
        if (message.from_self()) return false;
        if (question_) return answers(message);
        if (early_.size() == kept) early_.pop_front();
        early_.push_back(message);
        return false;
    }

    /// The question is posted; `waiting` continues with the first answer or an error. False: it need not wait, because
    /// an answer has already arrived.
    bool asked(MessageId question, std::coroutine_handle<> waiting) {
        const auto look = [&] {
            question_ = question;
            const auto early = std::exchange(early_, {});
            return std::any_of(early.begin(), early.end(), [this](const Message& message) { return answers(message); });
        };
        if (state.check(look)) finish();
        return state.hold(waiting);
    }

    std::optional<Message> result() {
        if (state.error()) std::rethrow_exception(state.error());
        return state.matched() ? std::move(found_) : std::nullopt;
    }

private:
    // An instant answer arrives within milliseconds of its question, so the oldest of many messages can be dropped.
    static constexpr std::size_t kept = 1'000;

    bool answers(const Message& message) {
        if (message.id <= *question_ || !test_(message)) return false;
        found_ = message;
        return true;
    }

    // Used in the predicate, one call at a time:
    detail::Test<Message> test_;
    std::optional<MessageId> question_;
    std::deque<Message> early_;
    std::optional<Message> found_;
};

/// Listens from the first await to destruction; the second, after the question was sent, waits for the answer.
class Listening {
public:
    Listening(Context context, ChannelId channel, detail::Test<Message> test)
        : context_(std::move(context)), answers_(std::make_shared<Answers>(channel, std::move(test))) {}
    ~Listening() { answers_->end(nullptr); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    /// Awaited first and without suspending: dropping the task, or the end of its scope, ends the wait.
    class Begin {
    public:
        explicit Begin(Listening& listening) noexcept : listening_(listening) {}
        bool await_ready() const noexcept { return false; }
        template <class P>
        bool await_suspend(std::coroutine_handle<P> asking) {
            listening_.begin(asking.promise());
            return false;
        }
        void await_resume() const noexcept {}

    private:
        Listening& listening_;
    };

    void asked(MessageId question, std::chrono::milliseconds timeout) noexcept {
        question_ = question;
        timeout_ = timeout;
    }

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    std::optional<Message> await_resume() { return answers_->result(); }

private:
    void begin(detail::TaskState& asking) {
        asking.waits_for(answers_);
        answers_->scope = asking.scope();
        answers_->listen(*context_, answer_events);
    }

    bool start(std::coroutine_handle<> waiting, detail::TaskState& asking) {
        // By value: once a waiter exists, the coroutine and this object may be destroyed at any moment.
        const auto answers = answers_;
        const auto timeout = timeout_;
        answers->adopt(asking);
        if (!answers->asked(question_, waiting)) return false;
        answers->arm(timeout);
        return true;
    }

    Context context_;
    std::shared_ptr<Answers> answers_;
    MessageId question_;
    std::chrono::milliseconds timeout_{};
};

// One coroutine that owns everything it uses: dropping its task ends the wait. The awaited task throws the error of a
// dead reference, like every other error of the call.
task<std::optional<Message>> ask_in(ClientRef ref, bool encrypted, ChannelId channel, MessageBody question,
                                    detail::Test<Message> test, std::chrono::milliseconds timeout) {
    const Context context = client::context_of(ref);
    if (!context->has_gateway()) {
        throw UsageError(
            "ask: the message came from a RestClient, which receives no events; ask through a message of a Client");
    }
    client::require_ciphertext(encrypted, question);
    Listening listening(context, channel, std::move(test));
    Listening::Begin begin(listening);
    co_await begin;
    auto sending = detail::rest_of(ref).create_message(channel, std::move(question));
    const Message sent = co_await std::move(sending);
    listening.asked(sent.id, timeout);
    co_return co_await listening;
}

}  // namespace

task<std::optional<Message>> Client::ask_matching(ChannelId channel, MessageBody question, detail::Test<Message> test,
                                                  std::chrono::milliseconds timeout) {
    return ask_in(context_->ref(), false, channel, std::move(question), std::move(test), timeout);
}

task<std::optional<Message>> Message::ask_matching(MessageBody question, detail::Test<Message> test,
                                                   std::chrono::milliseconds timeout) const {
    return ask_in(client_, mls_ciphertext.has_value(), channel_id, std::move(question), std::move(test), timeout);
}

task<std::optional<Message>> Message::ask(MessageBody question, std::chrono::milliseconds timeout) const {
    return ask(
        std::move(question), [asked = author.id](const Message& message) { return message.author.id == asked; },
        timeout);
}

}  // namespace intent
