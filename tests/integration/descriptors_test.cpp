// What a program that a bot starts inherits: nothing of the SDK's.
#include "tests/support/client_world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <set>
#include <sstream>
#include <string>

namespace intent::descriptors_test {
namespace {

/// What the descriptors of a program lead to that is started now; its standard ones, and that of the listing, apart.
std::set<std::string> inherited() {
    const std::unique_ptr<FILE, int (*)(FILE*)> program(::popen("ls -l /proc/self/fd", "r"), ::pclose);
    std::string output;
    char buffer[4096];
    while (const auto count = std::fread(buffer, 1, sizeof buffer, program.get()))
        output.append(buffer, count);
    std::set<std::string> targets;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        const auto arrow = line.find(" -> ");
        if (arrow == line.npos) continue;
        const auto number = std::stoi(line.substr(line.rfind(' ', arrow - 1) + 1));
        const auto target = line.substr(arrow + 4);
        if (number > 2 && target.find("/proc/") == target.npos) targets.insert(target);
    }
    return targets;
}

TEST(Descriptors, case_173_a_child_process_inherits_no_socket_and_no_file) {
    const auto before = inherited();
    test::TemporaryFolder folder;
    Sandbox sandbox(sandbox::Options{.database = folder.file("sandbox.db")});
    auto options = test::options_for(sandbox);
    options.session_file = folder.file("session");
    Client client(options);
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    ASSERT_EQ(client.rest().get_current_user().get().username, "bot");  // its connection is kept
    sandbox.say("alice", sandbox.general(), "hello");
    ASSERT_TRUE(diary.messages().wait_contains("hello"));
    EXPECT_EQ(inherited(), before);

    const int ours = ::open(folder.file("seen").c_str(), O_CREAT | O_RDWR, 0600);  // NOLINT: inherited on purpose
    EXPECT_EQ(inherited().size(), before.size() + 1) << "the test can see one";
    ::close(ours);
}

}  // namespace
}  // namespace intent::descriptors_test
