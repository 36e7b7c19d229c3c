#include "client/metrics/command_metrics.hpp"

namespace intent::client {

namespace {

constexpr std::array<std::string_view, 5> outcomes = {"ok", "refused", "failed", "cancelled", "unknown"};
static_assert(static_cast<std::size_t>(detail::CommandOutcome::unknown) == outcomes.size() - 1);

}  // namespace

void CommandMetrics::on_end(std::string_view command, detail::CommandOutcome outcome,
                            DurationHistogram::Duration took) {
    const std::lock_guard lock(mutex_);
    auto found = commands_.find(command);
    if (found == commands_.end()) {
        const std::string_view name = commands_.size() < max_commands ? command : "other";
        found = commands_.try_emplace(std::string(name)).first;
    }
    ++found->second.outcomes[static_cast<std::size_t>(outcome)];
    if (outcome != detail::CommandOutcome::unknown) found->second.durations.observe(took);
}

void CommandMetrics::write(text::Exposition& out) const {
    using Type = text::Exposition::Type;
    const std::lock_guard lock(mutex_);
    out.family("intent_command_invocations_total", Type::counter, "Invocations of commands, by how they ended.");
    for (const auto& [name, command] : commands_)
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            if (command.outcomes[i] != 0)
                out.sample({{"command", name}, {"outcome", outcomes[i]}}, command.outcomes[i]);
    out.family("intent_command_duration_seconds", Type::histogram,
               "Time from the match of a command to the end of its coroutine.");
    for (const auto& [name, command] : commands_)
        if (!name.empty())
            out.histogram({{"command", name}}, DurationHistogram::bounds, command.durations.counts(),
                          command.durations.sum_in_seconds());
}

}  // namespace intent::client
