// Commands that the user sends.
#include "codec/convert.hpp"
#include "session/session.hpp"

#include <string>
#include <utility>

namespace intent::session {
namespace {

bool is_command(codec::Opcode op) noexcept {
    return op == codec::Opcode::voice_state_update || op == codec::Opcode::request_members ||
           op == codec::Opcode::presence_update || op == codec::Opcode::voice_signal;
}

}  // namespace

void Session::on_command(Time now, CommandId id, codec::Opcode op, codec::ByteView data, Actions& out) {
    const auto fail = [&out](CommandId which, CommandFailure why, std::string text) {
        out.emplace_back(CommandFailed{which, why, std::move(text)});
    };
    if (state_ == State::stopped) return;
    if (!is_command(op)) {
        fail(id, CommandFailure::invalid, "op " + std::to_string(static_cast<int>(op)) + " is not a command");
        return;
    }
    Command command{.id = id, .op = op, .frame = codec::write_command(op, data)};
    if (command.frame.size() > settings_.schedule.frame_limit) {
        fail(id, CommandFailure::too_large,
             "the frame would have " + std::to_string(command.frame.size()) + " bytes, the limit is " +
                 std::to_string(settings_.schedule.frame_limit));
        return;
    }
    // A frame that the server cannot decode would cost the connection (4002).
    if (const auto whole = codec::peek_frame(command.frame); !whole) {
        fail(id, CommandFailure::invalid, "the data is not one MessagePack value: " + whole.failure().text());
        return;
    }
    if (op == codec::Opcode::voice_state_update) {
        // Only the `server_id` is needed here, and it is the only field of this type.
        const auto server = codec::from_msgpack<raw::ServerDelete>(data);
        if (!server) {
            fail(id, CommandFailure::invalid, "voice state update: " + server.failure().text());
            return;
        }
        command.server = server->server_id;
    }
    if (op == codec::Opcode::request_members && state_ != State::ready) {
        fail(id, CommandFailure::offline, "members can be requested only while the session is ready");
        return;
    }

    const CommandQueue::Outcome outcome = queue_.add(std::move(command));
    switch (outcome.added) {
        case CommandQueue::Added::queued:
            break;
        case CommandQueue::Added::superseding:
            if (outcome.superseded != 0)
                fail(outcome.superseded, CommandFailure::superseded, "a later one replaced it before it was sent");
            break;
        case CommandQueue::Added::full:
            fail(id, CommandFailure::queue_full,
                 std::to_string(queue_.size()) + " commands are already waiting to be sent");
            return;
    }
    send_commands(now, out);
}

void Session::send_commands(Time now, Actions& out) {
    while (state_ == State::ready && !queue_.empty() && limiter_.next_free() <= now) {
        Command command = queue_.take();
        limiter_.on_sent(now);
        socket_.last_op = command.op;
        socket_.last_command = command.id;
        socket_.last_command_is_presence = command.op == codec::Opcode::presence_update;
        if (command.op == codec::Opcode::voice_state_update) socket_.last_voice = command.id;
        if (socket_.last_command_is_presence) presence_ = command.frame;
        out.emplace_back(SendFrame{std::move(command.frame), command.op, false});
        if (command.id != 0) out.emplace_back(CommandSent{command.id});
    }
}

// A presence belongs to its session: a new session begins without one.
void Session::renew_presence() {
    if (!presence_ || queue_.holds(codec::Opcode::presence_update)) return;
    queue_.add_first(Command{.id = 0, .op = codec::Opcode::presence_update, .frame = *presence_});
}

void Session::fail_queued(codec::Opcode op, CommandFailure why, std::string_view text, Actions& out) {
    while (const auto command = queue_.take(op))
        out.emplace_back(CommandFailed{command->id, why, std::string(text)});
}

void Session::fail_all_queued(CommandFailure why, std::string_view text, Actions& out) {
    while (!queue_.empty())
        if (const CommandId id = queue_.take().id; id != 0) out.emplace_back(CommandFailed{id, why, std::string(text)});
}

}  // namespace intent::session
