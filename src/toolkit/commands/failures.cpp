#include "toolkit/commands/failures.hpp"

#include "toolkit/core/replies.hpp"

#include <intent/attempt.hpp>
#include <intent/errors.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent::toolkit {

namespace {

/// The reply to an error that a person can do something about; no value for an error of the bot.
std::optional<std::string> reply_to(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const CommandError& refusal) {
        return refusal.what();
    } catch (const ForbiddenError& refusal) {
        std::string text = "The platform does not allow me to do this.";
        if (!refusal.server_message().empty()) text += " (" + quoted_text(refusal.server_message(), 150) + ")";
        return text;
    } catch (...) {
        return std::nullopt;
    }
}

task<> rethrow(std::exception_ptr error) {
    std::rethrow_exception(std::move(error));
    co_return;
}

/// Makes an ErrorEvent of the error.
void report(const Context& context, std::exception_ptr error) {
    const std::string& name = context.command();
    context.client().spawn(name.empty() ? "command" : "command " + name, rethrow(std::move(error)));
}

/// True if a handler took the error.
task<bool> ask_handlers(Context context, std::vector<detail::CommandErrorHandler> handlers, std::exception_ptr error) {
    for (const auto& handler : handlers) {
        auto handling = handler.call(handler.function.get(), context, error);
        const bool handled = co_await std::move(handling);
        if (handled) co_return true;
    }
    co_return false;
}

}  // namespace

task<> handle_failure(Context context, std::vector<detail::CommandErrorHandler> handlers, std::exception_ptr error) {
    bool is_handled = false;
    std::exception_ptr of_handler;
    try {
        auto asking = ask_handlers(context, std::move(handlers), error);
        is_handled = co_await std::move(asking);
    } catch (const CancelledError&) {
        throw;
    } catch (...) {
        of_handler = std::current_exception();
    }
    if (of_handler) co_return report(context, std::move(of_handler));
    if (is_handled) co_return;
    auto text = reply_to(error);
    if (!text) co_return report(context, std::move(error));
    auto replying = attempt(context.reply_long(*std::move(text)));
    const auto replied = co_await std::move(replying);
    if (!replied) report(context, std::make_exception_ptr(replied.error()));
}

}  // namespace intent::toolkit
