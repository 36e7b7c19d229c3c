#include "tests/soak/scale/account.hpp"

#include <cstdio>
#include <map>
#include <string>

namespace intent::test {
namespace {

constexpr std::size_t ordered = 1;

/// The answers of the bot: how often each text was posted.
std::map<std::string, std::size_t> answers_in(const World& world) {
    std::map<std::string, std::size_t> answers;
    const auto bot = world.sandbox().user_id("bot");
    for (const auto channel : world.talker().channels())
        for (const auto& message : world.sandbox().messages(channel))
            if (message.author.id == bot) ++answers[message.content];
    return answers;
}

void add_message(Account& account, const Handled& handled, std::size_t posted) {
    account.handled += handled.ended > 0;
    account.handled_twice += handled.ended > 1 ? handled.ended - 1 : 0;
    account.begun_again += handled.begun > 1 ? handled.begun - 1 : 0;
    account.unknown += handled.unknown;
    account.failed += handled.failed;
    account.answers += posted;
    account.answered_twice += posted > 1 ? posted - 1 : 0;
    account.answer_missing += handled.ended > handled.unknown && handled.unknown == 0 && posted == 0;
}

/// Messages after a gap may pass those that the relay fetches meanwhile.
bool is_near_gap(const World& world, const Notes& notes, std::size_t serial) {
    constexpr std::int64_t time_of_back_fill = 30'000'000;  // µs
    const PostTime time = world.talker().time_of(serial);
    for (const auto& gap : notes.gaps())
        if (gap.from <= time.latest && time.earliest <= gap.to + time_of_back_fill) return true;
    return false;
}

}  // namespace

std::vector<std::size_t> out_of_order(const World& world) {
    const Notes& notes = world.notes()[ordered];
    std::vector<std::size_t> found;
    for (const std::size_t serial : notes.out_of_order())
        if (!is_near_gap(world, notes, serial)) found.push_back(serial);
    return found;
}

Account account_of(const World& world) {
    Account account;
    const auto answers = answers_in(world);
    for (std::size_t i = 0; i < world.notes().size(); ++i) {
        const Notes& notes = world.notes()[i];
        account.gaps += notes.gaps().size();
        account.holes += notes.holes();
        for (std::size_t serial = 0; serial < world.talker().said(); ++serial) {
            const auto found = notes.messages().find(serial);
            const Handled handled = found == notes.messages().end() ? Handled{} : found->second;
            const auto answer = answers.find(std::string(World::application(i)) + " " + std::to_string(serial));
            add_message(account, handled, answer == answers.end() ? 0 : answer->second);
            ++account.messages;
            if (handled.ended > 0 || world.is_poison(serial, notes)) continue;
            ++(world.in_gap(serial, notes) ? account.lost_in_gap : account.lost);
        }
    }
    account.out_of_order = out_of_order(world).size();
    account.poisoned = world.poisoned();
    account.dead_letters = world.dead_letters();
    account.sessions = world.sandbox().identifies();
    return account;
}

void print(const Account& account) {
    std::printf("messages %zu, handled %zu, handled twice %zu, begun again %zu, lost without a Gap %zu, in a Gap %zu\n",
                account.messages, account.handled, account.handled_twice, account.begun_again, account.lost,
                account.lost_in_gap);
    std::printf("answers %zu, effects twice %zu, missing %zu, outcome unknown %zu, calls that failed %zu\n",
                account.answers, account.answered_twice, account.answer_missing, account.unknown, account.failed);
    std::printf("out of order %zu, dead letters %llu of %zu, Gaps reported %zu, holes %zu, sessions %zu\n",
                account.out_of_order, static_cast<unsigned long long>(account.dead_letters), account.poisoned,
                account.gaps, account.holes, account.sessions);
}

}  // namespace intent::test
