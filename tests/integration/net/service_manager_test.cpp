// Notifications reach the socket of a service manager, by path and by abstract name.
#include "net/service_manager.hpp"

#include "tests/support/notify_receiver.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace intent::service_manager_test {
namespace {

using namespace std::chrono_literals;

TEST(NotifySocket, sends_to_a_path_and_to_an_abstract_name) {
    const test::TemporaryFolder folder;
    for (const std::string& address : {folder.file("notify"), "@intent-test-" + std::to_string(getpid())}) {
        test::NotifyReceiver manager(address);
        const net::NotifySocket socket(address);
        EXPECT_EQ(socket.send("READY=1\nSTATUS=connected"), "");
        EXPECT_EQ(socket.send("WATCHDOG=1"), "");
        EXPECT_EQ(manager.next(10s), "READY=1\nSTATUS=connected");
        EXPECT_EQ(manager.next(10s), "WATCHDOG=1");
    }
}

TEST(NotifySocket, an_unusable_address_is_a_problem_of_each_call) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(net::NotifySocket("notify").send("READY=1"), "must begin with / or @");
    EXPECT_EQ(net::NotifySocket("vsock:2:1234").send("READY=1"), "must begin with / or @");
    EXPECT_EQ(net::NotifySocket("@").send("READY=1"), "must have 2 to 107 bytes");
    EXPECT_EQ(net::NotifySocket("/" + std::string(107, 'x')).send("READY=1"), "must have 2 to 107 bytes");
    const net::NotifySocket missing(folder.file("missing"));
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(missing.send("READY=1"), "cannot be reached: No such file or directory");
}

TEST(NotifySocket, a_manager_that_does_not_read_delays_a_call_for_a_limited_time) {
    const test::TemporaryFolder folder;
    test::NotifyReceiver manager(folder.file("notify"));
    const net::NotifySocket socket(folder.file("notify"));
    std::string problem;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 100'000 && problem.empty(); ++i)
        problem = socket.send("WATCHDOG=1");
    EXPECT_TRUE(problem.starts_with("cannot be reached: ")) << problem;
    EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
    EXPECT_EQ(manager.next(10s), "WATCHDOG=1");
    EXPECT_EQ(socket.send("WATCHDOG=1"), "") << "there is room again";
}

/// Sets variables for its lifetime; null: unset.
class Variables {
public:
    Variables(const char* socket, const char* period, const char* process) {
        set("NOTIFY_SOCKET", socket);
        set("WATCHDOG_USEC", period);
        set("WATCHDOG_PID", process);
    }
    ~Variables() {
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(name);
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;

private:
    static void set(const char* name, const char* value) {
        if (value) ::setenv(name, value, 1);
    }
};

TEST(ServiceManager, is_described_by_the_environment) {
    const std::string own = std::to_string(getpid());
    struct Row {
        const char* socket;
        const char* period;
        const char* process;
        std::chrono::microseconds watchdog;
        bool has_problem;
    };
    const Row rows[] = {
        {nullptr, "30000000", nullptr, 0us, false},
        {"/run/notify", nullptr, nullptr, 0us, false},
        {"/run/notify", "30000000", nullptr, 30s, false},
        {"/run/notify", "30000000", own.c_str(), 30s, false},
        {"/run/notify", "30000000", "1", 0us, false},
        {"/run/notify", "0", nullptr, 0us, true},
        {"/run/notify", "30s", nullptr, 0us, true},
        {"/run/notify", "", nullptr, 0us, true},
        {"/run/notify", "99999999999999999999", nullptr, 0us, true},
    };
    for (const Row& row : rows) {
        const Variables variables(row.socket, row.period, row.process);
        const auto manager = net::service_manager_from_environment();
        EXPECT_EQ(manager.socket, row.socket ? row.socket : "");
        EXPECT_EQ(manager.watchdog, row.watchdog) << (row.period ? row.period : "");
        EXPECT_EQ(!manager.problem.empty(), row.has_problem) << (row.period ? row.period : "");
    }
}

}  // namespace
}  // namespace intent::service_manager_test
