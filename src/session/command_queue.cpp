#include "session/command_queue.hpp"

#include <algorithm>
#include <utility>

namespace intent::session {
namespace {

bool supersedes(const Command& later, const Command& earlier) noexcept {
    if (later.op != earlier.op) return false;
    if (later.op == codec::Opcode::voice_state_update) return later.server == earlier.server;
    return later.op == codec::Opcode::presence_update;
}

}  // namespace

CommandQueue::Outcome CommandQueue::add(Command command) {
    const auto earlier = std::find_if(commands_.begin(), commands_.end(),
                                      [&command](const Command& waiting) { return supersedes(command, waiting); });
    if (earlier != commands_.end()) {
        const CommandId superseded = std::exchange(*earlier, std::move(command)).id;
        return {Added::superseding, superseded};
    }
    if (commands_.size() >= limit_) return {Added::full};
    commands_.push_back(std::move(command));
    return {Added::queued};
}

bool CommandQueue::holds(codec::Opcode op) const noexcept {
    return std::any_of(commands_.begin(), commands_.end(), [op](const Command& waiting) { return waiting.op == op; });
}

Command CommandQueue::take() {
    Command first = std::move(commands_.front());
    commands_.pop_front();
    return first;
}

std::optional<Command> CommandQueue::take(codec::Opcode op) {
    const auto found =
        std::find_if(commands_.begin(), commands_.end(), [op](const Command& waiting) { return waiting.op == op; });
    if (found == commands_.end()) return std::nullopt;
    Command taken = std::move(*found);
    commands_.erase(found);
    return taken;
}

}  // namespace intent::session
