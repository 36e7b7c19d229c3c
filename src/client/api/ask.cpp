// Questions and their answers: listening begins before the question is sent, the timeout when it is posted.
#include "client/api/structure_call.hpp"
#include "client/async/guaranteed.hpp"
#include "client/async/scope_state.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <coroutine>
#include <deque>
#include <mutex>
#include <utility>

namespace intent {

namespace {

using client::Context;

constexpr std::size_t answer_event = detail::AllEvents::index_of<MessageCreate>();

/// The messages of a channel that may be the answer. They are kept until the id of the question is known, because
/// earlier messages are not answers.
///
/// Threads: safe.
class Answers final : public detail::Wait, public std::enable_shared_from_this<Answers> {
public:
    Answers(ChannelId channel, detail::Test<Message> test) : channel_(channel), test_(std::move(test)) {}

    void cancel() noexcept override {
        end(std::make_exception_ptr(CancelledError("ask: nothing waits for the answer any more")));
    }

    void on_message(const Message& message) noexcept {
        if (message.channel_id != channel_ || message.from_self()) return;
        const bool ended = state_.check([&] {
            if (question_) return answers(message);
            if (early_.size() == kept) early_.pop_front();
            early_.push_back(message);
            return false;
        });
        if (ended) go_on();
    }

    /// The question is posted; `waiting` continues with the first answer or an error. False: it need not wait, because
    /// an answer has already arrived.
    bool asked(MessageId question, std::coroutine_handle<> waiting) noexcept {
        state_.check([&] {
            question_ = question;
            for (const Message& message : std::exchange(early_, {}))
                if (answers(message)) return true;
            return false;
        });
        return state_.hold(waiting);
    }

    /// Starts the timeout. The timer is cancelled when the wait has ended.
    void arm(const std::shared_ptr<client::Running>& running, std::chrono::milliseconds timeout) {
        {
            const std::lock_guard lock(mutex_);
            running_ = running;
        }
        // On a lane, like the predicate: the I/O thread must not wait for a running predicate.
        auto expire = client::guaranteed([lanes = running->lanes(), self = shared_from_this()](bool cancelled) {
            if (self->over()) return;
            lanes->post([self, cancelled] { self->end(cancelled ? stopped() : nullptr); }, 0);
        });
        running->loop().post([&on = *running, timeout, self = shared_from_this(), expire = std::move(expire)] {
            if (!self->over()) self->delay_ = on.after(timeout, expire);
        });
    }

    static std::exception_ptr stopped() {
        return std::make_exception_ptr(CancelledError("ask: the client was stopped"));
    }

    bool over() const noexcept { return state_.over(); }

    /// Ends without an answer.
    void end(std::exception_ptr error) noexcept {
        if (state_.end(std::move(error)).now) go_on();
    }

    std::optional<Message> result() {
        if (state_.error()) std::rethrow_exception(state_.error());
        return state_.matched() ? std::move(found_) : std::nullopt;
    }

private:
    // An instant answer arrives within milliseconds of its question, so the oldest of many messages can be dropped.
    static constexpr std::size_t kept = 1'000;

    bool answers(const Message& message) {
        if (message.id <= *question_ || !test_(message)) return false;
        found_ = message;
        return true;
    }

    void go_on() noexcept {
        std::shared_ptr<client::Running> running;
        {
            const std::lock_guard lock(mutex_);
            running = running_.lock();
        }
        if (running) end_timer(*running);
        if (const auto waiting = state_.waiting()) waiting.resume();
    }

    void end_timer(client::Running& running) noexcept {
        running.loop().post([&running, self = shared_from_this()] { running.end_delay(self->delay_); });
    }

    client::WaitState state_;
    const ChannelId channel_;
    // Part of the state:
    detail::Test<Message> test_;
    std::optional<MessageId> question_;
    std::deque<Message> early_;
    std::optional<Message> found_;

    std::mutex mutex_;
    std::weak_ptr<client::Running> running_;  // set when the timeout starts; under the mutex
    std::uint64_t delay_ = 0;                 // used on the loop's thread
};

class Listener final : public detail::Handler {
public:
    explicit Listener(std::shared_ptr<Answers> answers)
        : answers_(std::move(answers)), scope_(detail::InScope::current()) {}
    void call(const void* message, const detail::Origin&) override {
        const detail::InScope stretch(scope_);  // the predicate is code of the asking scope
        if (stretch) answers_->on_message(static_cast<const MessageCreate*>(message)->message);
    }

private:
    std::shared_ptr<Answers> answers_;
    std::shared_ptr<detail::ScopeState> scope_;
};

/// Listens from construction to destruction; awaited once, after the question was sent.
class Listening {
public:
    Listening(Context context, ChannelId channel, detail::Test<Message> test)
        : context_(std::move(context)),
          answers_(std::make_shared<Answers>(channel, std::move(test))),
          id_(context_->dispatcher().registry().add(answer_event, std::make_unique<Listener>(answers_), false)) {}
    ~Listening() {
        if (scope_) scope_->remove(*answers_);
        context_->dispatcher().registry().remove(answer_event, id_);
        answers_->end(nullptr);  // a lane may be about to pass it a message
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    /// Awaited first and without suspending: dropping the task, or the end of its scope, ends the wait.
    class Begin {
    public:
        explicit Begin(Listening& listening) noexcept : listening_(listening) {}
        bool await_ready() const noexcept { return false; }
        template <class P>
        bool await_suspend(std::coroutine_handle<P> asking) {
            listening_.belong_to(asking.promise());
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
    void belong_to(detail::TaskState& state) {
        state.waits_for(answers_);
        if (state.scope() && state.scope()->add(answers_)) {
            scope_ = state.scope();
        } else if (state.scope()) {
            answers_->cancel();
        }
    }

    bool start(std::coroutine_handle<> waiting, detail::TaskState& state) {
        // By value: once a waiter exists, the coroutine and this object may be destroyed at any moment.
        const auto answers = answers_;
        const auto timeout = timeout_;
        const auto running = context_->running();
        if (!running) answers->end(Answers::stopped());
        if (running) state.adopt(running->lanes()->home());
        if (!answers->asked(question_, waiting)) return false;
        try {
            answers->arm(running, timeout);
        } catch (...) {
            answers->end(std::current_exception());
        }
        return true;
    }

    Context context_;
    std::shared_ptr<Answers> answers_;
    std::uint64_t id_;
    std::shared_ptr<detail::ScopeState> scope_ = {};
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
