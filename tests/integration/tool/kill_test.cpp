// `intent sandbox --db FILE` is killed while it writes: what it has acknowledged is there after a restart.
#include "tests/integration/tool/program.hpp"
#include "tests/support/plain_http.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

namespace intent::test::kill_test {
namespace {

constexpr int kills = 24;
constexpr int pipelined = 8;  // requests that are sent before the first answer is read
constexpr const char* bot_token = "bot_that_survives";

/// What a write asks for. `content` unset: to delete the message.
struct Write {
    std::string id = {};  ///< empty: a new message
    std::optional<std::string> content = {};
};

/// The messages that must be there, by id, and the writes that were sent and not acknowledged. The sandbox executes
/// them in order, so the first few of them may have been done when it is killed.
class Ledger {
public:
    void send(Write write) { pending_.push_back(std::move(write)); }
    void acknowledge(const std::string& id) {
        apply(id);
        ++acknowledged_;
    }
    const Write& next() const { return pending_.front(); }

    /// Compares with the messages that were found after a kill, and adopts them.
    void settle(const std::map<std::string, std::string>& found) {
        while (messages_ != found && !pending_.empty())
            apply(pending_.front().id.empty() ? id_of(found, *pending_.front().content) : pending_.front().id);
        EXPECT_EQ(found, messages_);
        pending_.clear();
    }
    bool is_pending(const std::string& id) const {
        return std::any_of(pending_.begin(), pending_.end(), [&](const Write& write) { return write.id == id; });
    }
    const std::map<std::string, std::string>& messages() const { return messages_; }
    int acknowledged() const { return acknowledged_; }

private:
    void apply(const std::string& id) {
        if (pending_.front().content)
            messages_[id] = *pending_.front().content;
        else
            messages_.erase(id);
        pending_.pop_front();
    }
    static std::string id_of(const std::map<std::string, std::string>& found, const std::string& content) {
        for (const auto& [id, text] : found)
            if (text == content) return id;
        return "missing";
    }

    std::map<std::string, std::string> messages_;
    std::deque<Write> pending_;
    int acknowledged_ = 0;
};

std::uint16_t port_of(const SandboxProgram& sandbox) {
    const std::string url = text(sandbox.addresses, "rest");
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

/// A new message, or an edit or a deletion of one that is acknowledged.
Write random_write(const Ledger& ledger, std::mt19937& random) {
    const auto choice = ledger.messages().empty() ? 0u : random() % 4;
    Write write{.content = "message " + std::to_string(random())};
    if (choice < 2) return write;
    const auto& id = std::next(ledger.messages().begin(), random() % ledger.messages().size())->first;
    if (ledger.is_pending(id)) return write;  // it may be gone before this request is executed
    write.id = id;
    if (choice == 3) write.content.reset();
    return write;
}

/// Keeps requests waiting in the connection, so that the sandbox works on a write whenever an answer has arrived.
void write_until(int enough, PlainHttp& http, Ledger& ledger, const std::string& messages, std::mt19937& random) {
    const auto send = [&](const Write& write) {
        const std::string body = write.content ? "{\"content\":\"" + *write.content + "\"}" : "";
        const char* method = write.id.empty() ? "POST" : write.content ? "PATCH" : "DELETE";
        http.send(method, write.id.empty() ? messages : messages + "/" + write.id, body);
    };
    for (int i = 0; i < enough + pipelined; ++i) {
        if (i >= pipelined) {
            const auto answer = http.read_answer();
            ASSERT_TRUE(answer);
            ASSERT_LT(answer->status, 300) << answer->body;
            ledger.acknowledge(ledger.next().id.empty() ? text(parse_line(answer->body), "id") : ledger.next().id);
        }
        const auto write = random_write(ledger, random);
        send(write);
        ledger.send(write);
    }
}

std::map<std::string, std::string> read_all(PlainHttp& http, const std::string& messages) {
    std::map<std::string, std::string> found;
    for (std::string before;;) {
        const auto page = http.call("GET", messages + "?limit=100" + before);
        if (!page || page->status != 200) throw std::runtime_error("messages cannot be read");
        const auto list = boost::json::parse(page->body).as_array();
        for (const auto& item : list)
            found[text(item.as_object(), "id")] = text(item.as_object(), "content");
        if (list.size() < 100) return found;
        before = "&before=" + text(list.back().as_object(), "id");
    }
}

TEST(KilledSandbox, has_every_acknowledged_write_after_a_restart) {
    const TemporaryFolder folder;
    const std::vector<std::string> flags{"--db", folder.file("sandbox.db"), "--bot", std::string("bot=") + bot_token,
                                         "--no-limits"};
    std::mt19937 random(20260101);
    Ledger ledger;
    std::string messages;
    for (int round = 0; round < kills; ++round) {
        SCOPED_TRACE("after " + std::to_string(round) + " kills");
        SandboxProgram sandbox(flags);
        PlainHttp http(port_of(sandbox), bot_token);
        if (messages.empty()) messages = "/api/v1/channels/" + sandbox.general() + "/messages";
        ledger.settle(read_all(http, messages));
        if (testing::Test::HasFailure()) return;

        write_until(10 + round, http, ledger, messages, random);
        sandbox.program().signal(SIGKILL);
        EXPECT_EQ(sandbox.program().wait(), 128 + SIGKILL);
        if (testing::Test::HasFailure()) return;
    }
    SandboxProgram sandbox(flags);
    PlainHttp http(port_of(sandbox), bot_token);
    ledger.settle(read_all(http, messages));
    EXPECT_GT(ledger.acknowledged(), kills * 10);
}

}  // namespace
}  // namespace intent::test::kill_test
