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
    CommandId id = 0;  ///< 0: the machine's own, of which nothing is reported
    codec::Opcode op = codec::Opcode::presence_update;
    ServerId server = {};  ///< of a voice state update
    codec::Bytes frame;
};

/// First in, first out; of presences only the latest is kept, of voice states the latest for each server. Bounded: what
/// does not fit is handed back.
///
/// Distinct objects: safe. Shared objects: unsafe.
class CommandQueue {
public:
    enum class Added { queued, superseding, full };
    struct Outcome {
        Added added = Added::queued;
        CommandId superseded = 0;  ///< whose place was taken
    };

    explicit CommandQueue(std::size_t limit) noexcept : limit_(limit) {}

    Outcome add(Command command);

    /// Puts one in front of all others, whatever the limit.
    void add_first(Command command) { commands_.push_front(std::move(command)); }

    bool holds(codec::Opcode op) const noexcept;
    bool empty() const noexcept { return commands_.empty(); }
    std::size_t size() const noexcept { return commands_.size(); }

    /// Not when empty.
    Command take();

    /// Takes the first with this opcode out.
    std::optional<Command> take(codec::Opcode op);

private:
    std::size_t limit_;
    std::deque<Command> commands_;
};

}  // namespace intent::session
