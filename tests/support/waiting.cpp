#include "tests/support/waiting.hpp"

#include <unistd.h>

#include <fstream>
#include <string>

namespace intent::test {

long this_thread_id() { return gettid(); }

bool is_asleep(long thread) {
    std::string stat;
    std::getline(std::ifstream("/proc/self/task/" + std::to_string(thread) + "/stat"), stat);
    const auto name_end = stat.rfind(')');
    return name_end != std::string::npos && stat.compare(name_end, 3, ") S") == 0;
}

}  // namespace intent::test
