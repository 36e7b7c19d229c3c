// The test program's own getaddrinfo and clock_gettime: they stand before the system's.
#include "tests/support/system_fakes.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <utility>

namespace intent::test {
namespace {

std::atomic<std::int64_t> wall_offset = 0;  // seconds
std::atomic<std::int64_t> boot_offset = 0;

struct Names {
    std::mutex mutex;
    std::vector<FakeNames::Answer> answers;
    int look_ups = 0;
};

Names& names() {
    static Names* const all = new Names;  // a look-up may outlive everything else
    return *all;
}

}  // namespace

FakeNames::FakeNames(std::vector<Answer> answers) {
    const std::lock_guard lock(names().mutex);
    names().answers = std::move(answers);
    names().look_ups = 0;
}

FakeNames::~FakeNames() {
    const std::lock_guard lock(names().mutex);
    names().answers.clear();
}

int FakeNames::look_ups() const {
    const std::lock_guard lock(names().mutex);
    return names().look_ups;
}

FakeClocks::~FakeClocks() { wall_offset = 0; }  // the time suspended never shrinks

void FakeClocks::move_wall_clock(std::chrono::seconds by) { wall_offset = by.count(); }
void FakeClocks::suspend(std::chrono::seconds span) { boot_offset += span.count(); }

}  // namespace intent::test

using intent::test::FakeNames;

extern "C" int clock_gettime(clockid_t clock, timespec* result) noexcept {
    const auto status = static_cast<int>(syscall(SYS_clock_gettime, clock, result));
    if (status != 0) return status;
    if (clock == CLOCK_REALTIME) result->tv_sec += intent::test::wall_offset.load(std::memory_order_relaxed);
    if (clock == CLOCK_BOOTTIME) result->tv_sec += intent::test::boot_offset.load(std::memory_order_relaxed);
    return status;
}

extern "C" int getaddrinfo(const char* host, const char* port, const addrinfo* hints, addrinfo** found) {
    using LookUp = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<LookUp>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (!host || std::string(host) != FakeNames::fake_host) return real(host, port, hints, found);

    FakeNames::Answer answer;
    {
        auto& names = intent::test::names();
        const std::lock_guard lock(names.mutex);
        ++names.look_ups;
        if (names.answers.empty()) return EAI_NONAME;
        answer = names.answers.front();
        if (names.answers.size() > 1) names.answers.erase(names.answers.begin());
    }
    const auto addresses = answer();
    *found = nullptr;
    addrinfo** end = found;
    for (const auto& address : addresses) {
        if (real(address.c_str(), port, hints, end) != 0) continue;
        while (*end)
            end = &(*end)->ai_next;
    }
    return *found ? 0 : EAI_AGAIN;
}
