#include "session/command_queue.hpp"

#include <gtest/gtest.h>

namespace intent::session::command_queue_test {
namespace {

using codec::Opcode;
using Added = CommandQueue::Added;

Command command(CommandId id, Opcode op, std::uint64_t server = 0) {
    return {.id = id, .op = op, .server = ServerId{server}, .frame = {}};
}

TEST(CommandQueue, returns_commands_in_order) {
    CommandQueue queue(10);
    queue.add(command(1, Opcode::voice_signal));
    queue.add(command(2, Opcode::request_members));
    queue.add(command(3, Opcode::voice_signal));
    EXPECT_EQ(queue.size(), 3u);
    EXPECT_EQ(queue.take().id, 1u);
    EXPECT_EQ(queue.take().id, 2u);
    EXPECT_EQ(queue.take().id, 3u);
    EXPECT_TRUE(queue.empty());
}

TEST(CommandQueue, keeps_only_the_latest_presence) {
    CommandQueue queue(10);
    queue.add(command(1, Opcode::presence_update));
    queue.add(command(2, Opcode::voice_signal));
    const auto outcome = queue.add(command(3, Opcode::presence_update));
    EXPECT_EQ(outcome.added, Added::superseding);
    EXPECT_EQ(outcome.superseded, 1u);
    EXPECT_EQ(queue.take().id, 3u);
    EXPECT_EQ(queue.take().id, 2u);
}

TEST(CommandQueue, keeps_the_latest_voice_state_of_each_server) {
    CommandQueue queue(10);
    queue.add(command(1, Opcode::voice_state_update, 7));
    EXPECT_EQ(queue.add(command(2, Opcode::voice_state_update, 8)).added, Added::queued);
    EXPECT_EQ(queue.add(command(3, Opcode::voice_state_update, 7)).superseded, 1u);
    EXPECT_EQ(queue.size(), 2u);
}

TEST(CommandQueue, is_bounded_but_a_superseding_command_always_fits) {
    CommandQueue queue(2);
    queue.add(command(1, Opcode::presence_update));
    queue.add(command(2, Opcode::voice_signal));
    EXPECT_EQ(queue.add(command(3, Opcode::voice_signal)).added, Added::full);
    EXPECT_EQ(queue.add(command(4, Opcode::presence_update)).added, Added::superseding);
    EXPECT_EQ(queue.size(), 2u);
}

TEST(CommandQueue, a_command_added_first_is_returned_first_and_always_fits) {
    CommandQueue queue(1);
    queue.add(command(1, Opcode::voice_signal));
    EXPECT_FALSE(queue.holds(Opcode::presence_update));
    queue.add_first(command(0, Opcode::presence_update));
    EXPECT_TRUE(queue.holds(Opcode::presence_update));
    EXPECT_EQ(queue.take().op, Opcode::presence_update);
    EXPECT_EQ(queue.take().id, 1u);
}

TEST(CommandQueue, removes_commands_of_one_kind) {
    CommandQueue queue(10);
    queue.add(command(1, Opcode::voice_signal));
    queue.add(command(2, Opcode::request_members));
    EXPECT_EQ(queue.take(Opcode::request_members)->id, 2u);
    EXPECT_FALSE(queue.take(Opcode::request_members));
    EXPECT_EQ(queue.size(), 1u);
}

}  // namespace
}  // namespace intent::session::command_queue_test
