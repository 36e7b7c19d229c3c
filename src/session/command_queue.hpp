// Commands that wait for a Ready session or for the send limit.
#pragma once

#include "codec/frame.hpp"
#include "session/actions.hpp"

#include <intent/snowflake.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace intent::session {

struct Command {
    CommandId id = 0;  ///< 0: the machine's own, with no report
    codec::Opcode op = codec::Opcode::presence_update;
    ServerId server = {};  ///< of a voice state update
    codec::Bytes frame;
};

/// First in, first out. Keeps only the latest presence, and the latest voice state for each server. Bounded: returns
/// what does not fit.
class CommandQueue {
public:
    enum class Added { queued, superseding, full };
    struct Outcome {
        Added added = Added::queued;
        CommandId superseded = 0;  ///< the id of the command that this one replaced
    };

    explicit CommandQueue(std::size_t limit) noexcept : limit_(limit) {}

    Outcome add(Command command);

    /// Puts one in front of all others, regardless of the limit.
    void add_first(Command command) { commands_.push_front(std::move(command)); }

    bool holds(codec::Opcode op) const noexcept;
    bool empty() const noexcept { return commands_.empty(); }
    std::size_t size() const noexcept { return commands_.size(); }

    /// The queue must not be empty.
    Command take();

    /// Removes the first command with this opcode.
    std::optional<Command> take(codec::Opcode op);

private:
    std::size_t limit_;
    std::deque<Command> commands_;
};

}  // namespace intent::session
