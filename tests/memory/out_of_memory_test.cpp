// A lack of memory ends the process. A session file lets the next one resume.
#include "tests/memory/failing_allocations.hpp"
#include "tests/support/client_world.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace intent::out_of_memory_test {
namespace {

/// Runs out of memory on the I/O thread as soon as the session is ready.
class FailingLog final : public LogSink {
public:
    bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
    void write(const LogRecord& record) override {
        if (record.component == "gateway" && record.text.starts_with("ready")) test::fail_allocations();
    }
};

void run_bot() {
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.log = std::make_shared<FailingLog>();
    Client client(options);
    client.run();
}

TEST(OutOfMemory, case_133_169_a_lack_of_memory_on_the_io_thread_ends_the_process_with_a_message) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(run_bot(), "std::bad_alloc");
}

}  // namespace
}  // namespace intent::out_of_memory_test
