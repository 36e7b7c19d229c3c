// `intent sandbox --db FILE` killed at any moment: what it has acknowledged is there when it comes back.
#include "tests/integration/tool/program.hpp"
#include "tests/support/plain_http.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <set>

namespace intent::test::kill_test {
namespace {

constexpr int kills = 24;
constexpr const char* bot_token = "bot_that_survives";

/// What a write asks for. `content` unset: to delete the message.
struct Write {
    std::string id = {};  ///< empty: a new message
    std::optional<std::string> content = {};
};

/// The messages that must be there, by id, and the write that was under way when the process was killed: it may have
/// been done or not.
class Ledger {
public:
    void begin(Write write) { under_way_ = std::move(write); }
    void acknowledge(const std::string& id) {
        if (under_way_->content)
            messages_[id] = *under_way_->content;
        else
            messages_.erase(id);
        under_way_.reset();
        ++acknowledged;
    }
    /// Compares with what is there, and takes over what became of the write that was under way.
    void settle(const std::map<std::string, std::string>& found) {
        if (under_way_) {
            if (under_way_->id.empty()) {
                for (const auto& [id, content] : found)
                    if (content == under_way_->content) messages_[id] = content;
            } else if (const auto at = found.find(under_way_->id); at == found.end()) {
                if (!under_way_->content) messages_.erase(under_way_->id);
            } else if (at->second == under_way_->content) {
                messages_[under_way_->id] = at->second;
            }
            under_way_.reset();
        }
        EXPECT_EQ(found, messages_);
    }
    const std::map<std::string, std::string>& messages() const { return messages_; }

    std::atomic<int> acknowledged = 0;

private:
    std::map<std::string, std::string> messages_;
    std::optional<Write> under_way_;
};

std::uint16_t port_of(const SandboxProgram& sandbox) {
    const std::string url = text(sandbox.addresses, "rest");
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

/// Posts, edits and deletes until the connection ends.
void write_on(PlainHttp& http, Ledger& ledger, const std::string& messages, std::mt19937& random) {
    for (int i = 0;; ++i) {
        const auto choice = ledger.messages().empty() ? 0u : random() % 4;
        Write write{.content = "message " + std::to_string(random()) + " " + std::to_string(i)};
        if (choice >= 2) write.id = std::next(ledger.messages().begin(), random() % ledger.messages().size())->first;
        if (choice == 3) write.content.reset();
        ledger.begin(write);
        const std::string body = write.content ? "{\"content\":\"" + *write.content + "\"}" : "";
        const auto answer = http.call(write.id.empty() ? "POST"
                                      : write.content  ? "PATCH"
                                                       : "DELETE",
                                      write.id.empty() ? messages : messages + "/" + write.id, body);
        if (!answer) return;
        if (answer->status >= 300) {
            ADD_FAILURE() << answer->status << " " << answer->body;
            ledger.acknowledged += 1000;  // lets the killer go on
            return;
        }
        ledger.acknowledge(write.id.empty() ? text(parse_line(answer->body), "id") : write.id);
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

TEST(KilledSandbox, has_every_write_that_it_acknowledged_when_it_is_opened_again) {
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

        const int enough = ledger.acknowledged + static_cast<int>(random() % 40);
        const std::chrono::microseconds later(random() % 3000);
        std::thread killer([&] {
            while (ledger.acknowledged < enough)
                std::this_thread::yield();
            std::this_thread::sleep_for(later);  // somewhere in the midst of a write
            sandbox.program().signal(SIGKILL);
        });
        write_on(http, ledger, messages, random);
        killer.join();
        EXPECT_EQ(sandbox.program().wait(), 128 + SIGKILL);
    }
    SandboxProgram sandbox(flags);
    PlainHttp http(port_of(sandbox), bot_token);
    ledger.settle(read_all(http, messages));
    EXPECT_GT(ledger.acknowledged, kills * 10);
}

}  // namespace
}  // namespace intent::test::kill_test
