#include "net/process.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#if !defined(_WIN32)
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace intent::net {

namespace {

#if defined(__linux__)

std::string contents_of(const char* path) {
    std::ifstream file(path);
    std::string text(16'384, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

/// The number in this place, counted from 0, of a text separated by spaces.
std::optional<std::uint64_t> number_at(std::string_view text, unsigned place) {
    for (unsigned i = 0; i < place; ++i) {
        const auto space = text.find(' ');
        if (space == text.npos) return std::nullopt;
        text.remove_prefix(space + 1);
    }
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) return std::nullopt;
    return number;
}

std::optional<double> boot_time() {
    const std::string text = contents_of("/proc/stat");
    constexpr std::string_view key = "\nbtime ";
    const auto found = text.find(key);
    if (found == text.npos) return std::nullopt;
    const auto seconds = number_at(std::string_view(text).substr(found + key.size()), 0);
    if (!seconds) return std::nullopt;
    return static_cast<double>(*seconds);
}

void read_proc(ProcessUsage& usage) {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::string memory = contents_of("/proc/self/statm");
    if (const auto pages = number_at(memory, 0)) usage.virtual_bytes = *pages * page;
    if (const auto pages = number_at(memory, 1)) usage.resident_bytes = *pages * page;

    std::error_code error;
    std::uint64_t open = 0;
    for (std::filesystem::directory_iterator each("/proc/self/fd", error), end; !error && each != end;
         each.increment(error))
        ++open;
    if (!error && open > 0) usage.open_descriptors = open - 1;  // without that of the iterator

    // The name of the program, in parentheses, may contain spaces and parentheses. The start is field 22, from 1.
    const std::string stat = contents_of("/proc/self/stat");
    const auto name_end = stat.rfind(") ");
    static const std::optional<double> boot = boot_time();
    if (name_end == stat.npos || !boot) return;
    const auto ticks = number_at(std::string_view(stat).substr(name_end + 2), 22 - 3);
    const auto per_second = ::sysconf(_SC_CLK_TCK);
    if (ticks && per_second > 0)
        usage.start_seconds = *boot + static_cast<double>(*ticks) / static_cast<double>(per_second);
}

#endif

#if !defined(_WIN32)

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

#endif

}  // namespace

ProcessUsage process_usage() {
    ProcessUsage usage;
#if !defined(_WIN32)
    if (rusage used{}; ::getrusage(RUSAGE_SELF, &used) == 0)
        usage.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    if (rlimit limit{}; ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        usage.max_descriptors = limit.rlim_cur;
#endif
#if defined(__linux__)
    read_proc(usage);
#endif
    return usage;
}

void write_process(text::Exposition& out) {
    using Type = text::Exposition::Type;
    const auto usage = process_usage();
    const auto write = [&](std::string_view name, Type type, std::string_view help, const auto& value) {
        if (value) out.single(name, type, help, *value);
    };
    write("process_cpu_seconds_total", Type::counter, "User and system time.", usage.cpu_seconds);
    write("process_resident_memory_bytes", Type::gauge, "Resident memory.", usage.resident_bytes);
    write("process_virtual_memory_bytes", Type::gauge, "Virtual memory.", usage.virtual_bytes);
    write("process_open_fds", Type::gauge, "Open file descriptors.", usage.open_descriptors);
    write("process_max_fds", Type::gauge, "Limit of open file descriptors.", usage.max_descriptors);
    write("process_start_time_seconds", Type::gauge, "Start of the process, in seconds since 1970.",
          usage.start_seconds);
}

}  // namespace intent::net
