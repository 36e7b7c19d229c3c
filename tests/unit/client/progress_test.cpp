// How far events are handled, whatever the order in which their handlers end.
#include "client/resume/progress.hpp"

#include "tests/support/waiting.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace intent::client::progress_test {
namespace {

using namespace std::chrono_literals;

Timestamp at(int second) { return Timestamp(std::chrono::seconds(second)); }

std::shared_ptr<Progress> begun() {
    auto progress = std::make_shared<Progress>();
    EXPECT_FALSE(progress->position());
    EXPECT_EQ(progress->begin("s1", at(1)), nullptr) << "nothing came before";
    return progress;
}

TEST(Progress, a_new_session_is_a_position_and_each_dispatch_that_is_done_moves_it) {
    const auto progress = begun();
    EXPECT_EQ(progress->position(), (Position{"s1", 0, at(1)}));
    auto ticket = progress->accept(5, at(2));
    EXPECT_EQ(progress->position(), (Position{"s1", 0, at(1)}));
    auto copy = ticket;
    ticket.reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 0, at(1)})) << "something still comes of it";
    copy.reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 5, at(2)}));
    EXPECT_EQ(progress->accept({}, at(3)), nullptr) << "without a number it cannot be asked for again";
}

TEST(Progress, the_position_is_before_the_oldest_that_is_not_done) {
    const auto progress = begun();
    auto first = progress->accept(1, at(2));
    auto second = progress->accept(2, at(3));
    auto third = progress->accept(4, at(4));
    second.reset();
    third.reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 0, at(1), {{2, 4}}}));
    auto fourth = progress->accept(5, at(5));
    first.reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 4, at(4)}));
    fourth.reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 5, at(5)}));
}

TEST(Progress, what_is_abandoned_holds_the_position_for_good) {
    const auto progress = begun();
    progress->accept(1, at(2)).reset();
    auto dropped = progress->accept(2, at(3));
    dropped->abandon();
    dropped.reset();
    progress->accept(3, at(4)).reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 1, at(2), {{3, 3}}}));
}

TEST(Progress, what_is_done_behind_the_position_is_known_by_its_numbers) {
    const auto progress = begun();
    std::map<std::uint64_t, Progress::PendingRef> pending;
    for (std::uint64_t seq = 1; seq <= 10; ++seq)
        pending[seq] = progress->accept(seq, at(2));
    for (const std::uint64_t seq : {9u, 3u, 5u, 4u})
        pending.erase(seq);
    EXPECT_EQ(progress->position(), (Position{"s1", 0, at(1), {{3, 5}, {9, 9}}}));
    pending.erase(1);
    pending.erase(2);
    EXPECT_EQ(progress->position(), (Position{"s1", 5, at(2), {{9, 9}}}));
    pending.erase(10);
    EXPECT_EQ(progress->position(), (Position{"s1", 5, at(2), {{9, 10}}}));
}

TEST(Progress, what_an_earlier_process_handled_is_done_at_once) {
    const auto progress = std::make_shared<Progress>();
    const std::vector<SeqSpan> handled{{13, 14}, {16, 16}, {20, 30}};
    progress->restore({"old", 10, at(1), handled});
    EXPECT_EQ(progress->position(), (Position{"old", 10, at(1), handled})) << "a process that ends before any event";
    EXPECT_FALSE(progress->handled_before(11));
    auto slow = progress->accept(11, at(2));
    EXPECT_EQ(progress->position(), (Position{"old", 10, at(1), handled}));
    EXPECT_FALSE(progress->handled_before(12));
    progress->accept(12, at(2)).reset();
    EXPECT_EQ(progress->position(), (Position{"old", 10, at(1), {{12, 14}, {16, 16}, {20, 30}}}));
    for (const std::uint64_t seq : {13u, 14u})
        EXPECT_TRUE(progress->handled_before(seq));
    EXPECT_FALSE(progress->handled_before(15));
    auto other = progress->accept(15, at(2));
    EXPECT_TRUE(progress->handled_before(16));
    EXPECT_EQ(progress->position(), (Position{"old", 10, at(1), {{12, 14}, {16, 16}, {20, 30}}}));
    slow.reset();
    EXPECT_EQ(progress->position(), (Position{"old", 14, at(2), {{16, 16}, {20, 30}}}));
    other.reset();
    EXPECT_EQ(progress->position(), (Position{"old", 16, at(2), {{20, 30}}}));
    EXPECT_FALSE(progress->handled_before(31)) << "the numbers before it did not arrive";
    progress->accept(31, at(3)).reset();
    EXPECT_EQ(progress->position(), (Position{"old", 31, at(3)}));
    EXPECT_FALSE(progress->handled_before(25));
}

TEST(Progress, a_span_that_reaches_the_position_moves_it) {
    const auto progress = std::make_shared<Progress>();
    progress->restore({"old", 10, at(1), {{12, 14}}});
    progress->accept(11, at(2)).reset();
    EXPECT_EQ(progress->position(), (Position{"old", 14, at(2)}));
}

TEST(Progress, a_new_session_forgets_the_numbers_of_the_old_one) {
    const auto progress = std::make_shared<Progress>();
    progress->restore({"old", 10, at(1), {{12, 14}}});
    auto slow = progress->accept(11, at(2));
    progress->accept(15, at(2)).reset();
    auto gap = progress->begin("new", at(3));
    EXPECT_FALSE(progress->handled_before(13));
    auto first = progress->accept(1, at(4));
    progress->accept(2, at(4)).reset();
    EXPECT_EQ(progress->position(), (Position{"old", 10, at(1), {{12, 15}}}));
    slow.reset();
    EXPECT_EQ(progress->position(), (Position{"old", 15, at(2)}));
    gap.reset();
    EXPECT_EQ(progress->position(), (Position{"new", 0, at(3), {{2, 2}}}));
}

TEST(Progress, the_lowest_spans_are_kept_if_there_are_too_many) {
    const auto progress = begun();
    std::vector<Progress::PendingRef> pending;
    for (std::uint64_t seq = 1; seq <= 2 * Progress::max_spans + 10; ++seq)
        if (auto ref = progress->accept(seq, at(2)); seq % 2 == 1) pending.push_back(std::move(ref));
    const auto position = progress->position();
    ASSERT_EQ(position->handled.size(), Progress::max_spans);
    EXPECT_EQ(position->handled.front(), (SeqSpan{2, 2}));
    EXPECT_EQ(position->handled.back(), (SeqSpan{2 * Progress::max_spans, 2 * Progress::max_spans}));
}

TEST(Progress, a_new_session_waits_for_the_rest_of_the_old_one_and_for_its_own_ticket) {
    const auto progress = begun();
    auto old = progress->accept(7, at(2));
    auto gap = progress->begin("s2", at(3));
    ASSERT_TRUE(gap);
    progress->accept(1, at(4)).reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 0, at(1)}));
    old.reset();
    EXPECT_EQ(progress->position(), (Position{"s1", 7, at(2)}));
    gap.reset();
    EXPECT_EQ(progress->position(), (Position{"s2", 1, at(4)}));
}

TEST(Progress, an_id_that_comes_later_counts_for_what_is_outstanding_too) {
    const auto progress = std::make_shared<Progress>();
    progress->begin("", at(1));
    auto ticket = progress->accept(1, at(2));
    progress->rename("s9");
    EXPECT_EQ(progress->position(), (Position{"s9", 0, at(1)}));
    ticket.reset();
    progress->alive(at(50));
    EXPECT_EQ(progress->position(), (Position{"s9", 1, at(50)}));
    progress->alive(at(40));
    EXPECT_EQ(progress->position()->time, at(50)) << "never back";
}

TEST(Progress, goes_on_where_an_earlier_process_has_stopped) {
    const auto progress = std::make_shared<Progress>();
    progress->restore({"old", 10, at(1)});
    auto ticket = progress->accept(11, at(9));
    EXPECT_EQ(progress->position(), (Position{"old", 10, at(1)}));
    ticket.reset();
    EXPECT_EQ(progress->position(), (Position{"old", 11, at(9)}));
}

TEST(Progress, whoever_waits_for_news_hears_of_it_and_of_the_end) {
    const auto progress = begun();
    test::Recorder<std::uint64_t> heard;
    std::thread waiting([&, known = progress->position()]() mutable {
        while ((known = progress->wait_change(known)))
            heard.add(known->seq);
    });
    progress->accept(1, at(2)).reset();
    EXPECT_TRUE(heard.wait_contains(1));
    progress->accept(2, at(3)).reset();
    EXPECT_TRUE(heard.wait_contains(2));
    auto slow = progress->accept(3, at(3));
    progress->accept(4, at(3)).reset();
    EXPECT_TRUE(heard.wait_count(3)) << "what is done behind the position is news too";
    progress->end();
    waiting.join();
    EXPECT_TRUE(progress->wait_end(10min)) << "at once";
}

TEST(Progress, many_threads_may_end_what_another_has_begun) {
    const auto progress = begun();
    std::vector<std::vector<Progress::PendingRef>> shares(4);
    for (std::uint64_t seq = 1; seq <= 4000; ++seq)
        shares[seq % 4].push_back(progress->accept(seq, at(2)));
    std::vector<std::thread> threads;
    for (auto& share : shares)
        threads.emplace_back([mine = std::move(share)]() mutable {
            while (!mine.empty())
                mine.pop_back();
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(progress->position(), (Position{"s1", 4000, at(2)}));
}

}  // namespace
}  // namespace intent::client::progress_test
