#include "toolkit/commands/run.hpp"

#include "toolkit/commands/failures.hpp"
#include "toolkit/commands/invocation.hpp"
#include "toolkit/commands/signal.hpp"
#include "toolkit/core/argument_reader.hpp"
#include "toolkit/core/replies.hpp"

#include <intent/attempt.hpp>
#include <intent/clock.hpp>
#include <intent/detail/command_metrics.hpp>
#include <intent/detail/in_scope.hpp>
#include <intent/errors.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace intent::toolkit {

namespace {

using detail::CommandNode;
using detail::CommandSet;
using detail::Invocation;
using SetPtr = std::shared_ptr<CommandSet>;

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The values of a line, and where each parameter is in it.
struct ReadLine {
    detail::CommandValues values = {};
    std::vector<Span> spans = {};
};

std::string refusal_of(const detail::ParameterType& type) { return "expected " + type.expects(type); }

/// The longest of the prefixes that the text begins with.
std::optional<std::string> matching_prefix(const std::vector<std::string>& prefixes, std::string_view text) {
    const std::string* best = nullptr;
    for (const auto& prefix : prefixes)
        if (text.starts_with(prefix) && (best == nullptr || prefix.size() > best->size())) best = &prefix;
    if (best == nullptr) return std::nullopt;
    return *best;
}

BadArgument located(const Invocation& invocation, const ArgumentFault& fault) {
    return BadArgument(fault_text(invocation.prefix, invocation.line(), fault, invocation.usage)).at(fault.parameter);
}

/// Errors: BadArgument with the complete text.
task<ReadLine> read_arguments(Context context, CommandSet::NodePtr command, std::vector<Word> words, std::size_t used) {
    const auto& invocation = Invocation::of(context);
    const auto types = command->handler.types;
    ReadLine read;
    read.values.resize(types.size());
    const Span nowhere{invocation.line().size(), invocation.line().size()};
    read.spans.resize(types.size(), nowhere);
    ArgumentReader reader(command->pattern, types, invocation.line(), std::move(words), used);
    while (const auto* next = reader.next()) {
        const std::size_t parameter = next->parameter;
        auto converting = convert(context, &types[parameter], next->text);
        Converted converted = co_await std::move(converting);
        if (converted.refusal) {
            reader.refused(*std::move(converted.refusal));
            continue;
        }
        auto& span = read.spans[parameter];
        if (read.values[parameter].empty()) span.begin = next->begin;
        span.end = next->end;
        read.values[parameter].push_back(std::move(converted.value));
        reader.accepted();
    }
    if (reader.fault()) throw located(invocation, *reader.fault());
    co_return read;
}

/// Calls the command's own function. A BadArgument that it throws is completed with the line and the usage.
task<> call(Context context, CommandSet::NodePtr command, ReadLine read) {
    try {
        auto running = command->handler.call(command->handler.function.get(), Context(context), read.values);
        co_await std::move(running);
    } catch (const BadArgument& error) {
        const auto& invocation = Invocation::of(context);
        ArgumentFault fault{error.parameter(), error.what(), invocation.arguments, invocation.line().size()};
        const auto& parameters = command->pattern.parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].name != error.parameter()) continue;
            fault.begin = read.spans[i].begin;
            fault.end = read.spans[i].end;
        }
        throw located(invocation, fault);
    }
}

task<> invoke(Context context, CommandSet::NodePtr command, std::vector<Word> words, std::size_t used) {
    const SetPtr set = Invocation::of(context).set;
    const auto checks = set->checks_of(command);
    for (const auto& check : checks) {
        auto checking = check.call(check.function.get(), context);
        const bool passed = co_await std::move(checking);
        if (!passed) throw CheckFailed(check.refusal);
    }
    auto reading = read_arguments(context, command, std::move(words), used);
    ReadLine read = co_await std::move(reading);
    const CommandSet::Place place = set->begin(set, command, context);
    auto calling = call(context, command, std::move(read));
    co_await std::move(calling);
}

/// The server of a channel; unset for direct messages.
task<ServerId> server_of(SetPtr set, ChannelId id) {
    auto looking = set->client().channel(id);
    const Channel channel = co_await std::move(looking);
    co_return channel.server_id;
}

/// A line, split, and its command.
struct Line {
    std::vector<Word> words = {};
    std::optional<CommandSet::Found> found = {};
};

detail::CommandOutcome outcome_of(const std::exception_ptr& error) {
    using enum detail::CommandOutcome;
    try {
        std::rethrow_exception(error);
    } catch (const UnknownCommand&) {
        return unknown;
    } catch (const CommandError&) {
        return refused;
    } catch (const CancelledError&) {
        return cancelled;
    } catch (...) {
        return failed;
    }
}

/// Counts an invocation at its end. One that is destroyed before has been cancelled.
class Measurement {
public:
    explicit Measurement(const Invocation& invocation)
        : client_(invocation.message.client()),
          clock_(invocation.set->client().clock()),
          command_(invocation.command),
          begun_(clock_.now()) {}
    ~Measurement() {
        if (!ended_) end(detail::CommandOutcome::cancelled);
    }
    Measurement(const Measurement&) = delete;
    Measurement& operator=(const Measurement&) = delete;

    void end(detail::CommandOutcome outcome) noexcept {
        ended_ = true;
        detail::count_command(client_, command_, outcome, clock_.now() - begun_);
    }

private:
    const ClientRef client_;
    const Clock clock_;
    const std::string command_;  // the registered name
    const std::chrono::steady_clock::time_point begun_;
    bool ended_ = false;
};

task<> run_line(std::shared_ptr<Invocation> invocation, Line line) {
    const SetPtr set = invocation->set;
    auto& words = line.words;
    const auto& found = line.found;
    std::string unknown;
    if (!found) {
        unknown = set->unknown_text(invocation->prefix, words);
        if (unknown.empty()) co_return;
    } else {
        invocation->command = found->command->name;
        invocation->usage = usage_of(found->command->pattern, found->command->handler.types);
        invocation->arguments = found->words < words.size() ? words[found->words].begin : invocation->line().size();
    }
    const Context context = Invocation::context(invocation);
    const auto command = found ? found->command : nullptr;
    Measurement measurement(*invocation);
    std::exception_ptr error;
    try {
        invocation->server = co_await server_of(set, invocation->message.channel_id);
        if (!found) throw UnknownCommand(unknown);
        auto running = invoke(context, command, std::move(words), found->words);
        co_await std::move(running);
    } catch (const CancelledError&) {
        throw;
    } catch (...) {
        error = std::current_exception();
    }
    measurement.end(error ? outcome_of(error) : detail::CommandOutcome::ok);
    if (!error) co_return;
    auto handling = handle_failure(context, set->error_handlers_of(command), std::move(error));
    co_await std::move(handling);
}

/// A coroutine of the module's scope, which may destroy it at any wait.
task<> run_in_module(std::shared_ptr<Invocation> invocation, Line line, SetAtEnd end) {
    try {
        auto running = run_line(std::move(invocation), std::move(line));
        co_await std::move(running);
    } catch (...) {
        end.fail(std::current_exception());
    }
}

bool has_ended(const std::shared_ptr<detail::ScopeState>& scope) { return !detail::InScope(scope); }

/// Runs the line in the scope of its command. The dispatch is pending until the invocation has ended or its module has.
task<> run_in_scope(std::shared_ptr<Invocation> invocation) {
    for (CommandSet::NodePtr before;;) {
        Line line{split_words(invocation->line()), {}};
        line.found = invocation->set->find(line.words);
        const auto scope = line.found ? line.found->scope : nullptr;
        if (!scope) {
            auto running = run_line(std::move(invocation), std::move(line));
            co_await std::move(running);
            co_return;
        }
        const auto command = line.found->command;
        const auto ended = std::make_shared<Signal>();
        bool has_begun = false;
        {
            const detail::InScope stretch(scope);
            has_begun = bool(stretch);
            if (has_begun) {
                // Dropped at once, so that only its scope holds it, and the end of the scope destroys it.
                const auto dropped = run_in_module(invocation, std::move(line), SetAtEnd(ended));
            }
        }
        if (!has_begun) {
            // The module was unloaded in the meantime. The name may be that of another command now.
            if (command == before) co_return;
            before = command;
            continue;
        }
        auto& signal = *ended;  // g++ 12 would copy the operand `*ended`
        try {
            co_await signal;
        } catch (const CancelledError&) {
            if (!has_ended(scope)) throw;
        }
        co_return;
    }
}

}  // namespace

task<Converted> convert(Context context, const detail::ParameterType* type, std::string text) {
    Converted converted;
    if (type->read) {
        converted.refusal = read_word(*type, text, converted.value);
        co_return converted;
    }
    try {
        auto resolving = type->resolve(std::move(context), std::move(text));
        converted.value = co_await std::move(resolving);
        if (!converted.value.object) converted.refusal = refusal_of(*type);
    } catch (const BadArgument& error) {
        converted.refusal = error.what();
    }
    co_return converted;
}

std::optional<std::string> read_word(const detail::ParameterType& type, std::string_view text,
                                     detail::CommandValue& value) {
    try {
        if (type.read(type, text, value)) return std::nullopt;
    } catch (const BadArgument& error) {
        return error.what();
    }
    return refusal_of(type);
}

task<> run_message(SetPtr set, Message message) {
    const CommandOptions& options = set->options();
    if (message.content.empty()) co_return;
    if (message.from_webhook() && !options.takes_webhooks()) co_return;
    if (message.from_self() && !options.takes_self()) co_return;
    if (!options.takes(message)) co_return;
    std::optional<std::string> prefix;
    if (const auto& chooser = options.prefix_chooser(); chooser.call != nullptr) {
        auto choosing = chooser.call(chooser.function.get(), message);
        const std::vector<std::string> prefixes = co_await std::move(choosing);
        prefix = matching_prefix(prefixes, message.content);
    } else {
        prefix = matching_prefix(options.prefixes(), message.content);
    }
    if (!prefix) co_return;
    User author(message.author, message.client());
    auto invocation = std::make_shared<Invocation>(
        Invocation{std::move(set), std::move(message), std::move(author), *std::move(prefix)});
    auto running = run_in_scope(std::move(invocation));
    co_await std::move(running);
}

}  // namespace intent::toolkit
