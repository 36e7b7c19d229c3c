#include "net/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace intent::net {
namespace {

std::string content_of(const char* path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Seconds since 1970 at which the machine was started; the kernel gives the start of a process relative to it.
std::optional<double> boot_time() {
    std::istringstream lines(content_of("/proc/stat"));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    return std::nullopt;
}

/// The fields of `/proc/self/stat` after the name of the program, which may contain blanks and brackets (proc(5)).
void read_stat(ProcessUsage& usage) {
    const std::string text = content_of("/proc/self/stat");
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) return;
    std::istringstream fields(text.substr(end_of_name + 1));
    std::string skipped;
    for (int field = 3; field < 20; ++field)
        fields >> skipped;
    std::uint64_t threads = 0;
    std::uint64_t started = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t resident_pages = 0;
    if (!(fields >> threads >> skipped >> started >> virtual_bytes >> resident_pages)) return;
    usage.threads = threads;
    usage.virtual_bytes = virtual_bytes;
    usage.resident_bytes = resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    if (const auto boot = boot_time())
        usage.started_at = *boot + static_cast<double>(started) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessUsage process_usage() {
    ProcessUsage usage;
    rusage used{};
    if (getrusage(RUSAGE_SELF, &used) == 0) usage.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        usage.max_descriptors = limit.rlim_cur;
    read_stat(usage);
    std::error_code error;
    std::uint64_t open = 0;
    std::filesystem::directory_iterator entry("/proc/self/fd", error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        ++open;
    // One of them is the directory itself.
    if (!error && open > 0) usage.open_descriptors = open - 1;
    return usage;
}

}  // namespace intent::net
