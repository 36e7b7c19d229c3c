#include "client/api/awaiters.hpp"
#include "client/jobs/scheduler.hpp"

#include <intent/client.hpp>
#include <intent/detail/command_metrics.hpp>
#include <intent/errors.hpp>

#include <new>
#include <string>
#include <utility>

namespace intent::inline v0 {

Client::Client(ClientOptions options) : context_(detail::make_client(std::move(options))), rest_(context_) {}

Client::Client(std::shared_ptr<detail::ClientContext> context) : context_(std::move(context)), rest_(context_) {}

Client::Client(Client&&) noexcept = default;

Client& Client::operator=(Client&& other) noexcept {
    if (this != &other) {
        if (context_) context_->stop();
        context_ = std::move(other.context_);
        rest_ = std::move(other.rest_);
    }
    return *this;
}

Client::~Client() {
    if (context_) context_->stop();
}

int Client::run() { return context_->run(); }
void Client::start() { context_->start(); }
void Client::stop() { context_->stop(); }
void Client::reload() { context_->reload(nullptr); }
std::optional<int> Client::wait(std::chrono::milliseconds timeout) { return context_->wait(timeout); }
task<> Client::sleep_for(std::chrono::milliseconds delay) { return client::sleep_for(context_, delay); }
void Client::spawn(std::string name, task<> work) {
    client::spawn(context_, std::move(name), std::move(work), nullptr);
}
void Client::spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep) {
    client::spawn(context_, std::move(name), std::move(work), std::move(keep));
}
void Client::report_error(std::string where, std::exception_ptr error) {
    client::report_error(*context_, where, std::move(error));
}

std::optional<User> Client::user() const {
    auto self = context_->dispatcher().caches().self();
    if (!self) return std::nullopt;
    return User(*std::move(self), context_->ref());
}

Webhook Client::webhook(WebhookId id, Secret token) const { return rest_.webhook(id, std::move(token)); }

const Clock& Client::clock() const noexcept { return context_->clock(); }

ConnectionState Client::state() const noexcept { return context_->state(); }

Gauges Client::gauges() const { return context_->gauges(); }

std::string Client::metrics() const { return context_->metrics_text(); }

std::optional<std::uint16_t> Client::metrics_port() const { return context_->metrics_port(); }

Subscription Client::subscribe(detail::MadeHandler made, bool once) { return subscribe(std::span(&made, 1), once); }

Subscription Client::subscribe(std::span<detail::MadeHandler> made, bool once) {
    return {context_, client::bits_of(made), context_->dispatcher().registry().add(made, once)};
}

Job Client::schedule(detail::JobPlan plan, detail::JobFunction function) {
    return Job(context_->scheduler().add(std::move(plan), std::move(function), nullptr));
}

void Subscription::off() {
    const auto context = context_.lock();
    if (!context) return;
    for (std::size_t event = 0; event < detail::AllEvents::size; ++event)
        if ((events_ >> event & 1) != 0) context->dispatcher().registry().remove(event, id_);
}

CacheView<Server, ServerId> Client::servers() const { return CacheView<Server, ServerId>(context_); }
CacheView<Channel, ChannelId> Client::channels() const { return CacheView<Channel, ChannelId>(context_); }
CacheView<User, UserId> Client::users() const { return CacheView<User, UserId>(context_); }
CacheView<Member, MemberId> Client::members() const { return CacheView<Member, MemberId>(context_); }
CacheView<Role, RoleId> Client::roles() const { return CacheView<Role, RoleId>(context_); }
CacheView<Message, MessageId> Client::messages() const { return CacheView<Message, MessageId>(context_); }
CacheView<raw::VoiceState, MemberId> Client::voice_states() const {
    return CacheView<raw::VoiceState, MemberId>(context_);
}

void detail::count_command(const ClientRef& client, std::string_view command, CommandOutcome outcome,
                           std::chrono::steady_clock::duration took) noexcept {
    const auto context = client.lock();
    client::Metrics* const metrics = context ? context->metrics() : nullptr;
    if (metrics == nullptr) return;
    try {
        metrics->commands.on_end(command, outcome, took);
    } catch (const std::bad_alloc&) {  // not counted
    }
}

}  // namespace intent
