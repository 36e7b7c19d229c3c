#include "tools/intent/support/output.hpp"

#include "text/display.hpp"
#include "tools/intent/support/command.hpp"

#include <boost/json.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace tool {

using intent::text::display;

namespace {

/// errno of the first failed write to standard output; 0 if all succeeded.
std::atomic<int> output_error{0};

/// Writes in one call, so that lines of several threads do not mix. The stream's error flag records failures.
bool write_to(std::FILE* stream, std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size() && std::fflush(stream) == 0) return true;
    int none = 0;
    if (stream == stdout) output_error.compare_exchange_strong(none, errno);
    return false;
}

}  // namespace

void prepare_output() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            open("/dev/null", O_RDONLY);  // takes the closed descriptor
}

bool finish_output() {
    const int error = output_error;
    // Do not report EPIPE: the reader, e.g. `head`, closed the pipe itself.
    if (error != 0 && error != EPIPE)
        print_error("standard output cannot be written: " + std::generic_category().message(error));
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::ferror(stderr) == 0;
}

std::string json_string(std::string_view text) { return boost::json::serialize(boost::json::string_view(text)); }

bool print_line(std::string_view line) { return write_to(stdout, display(line) + '\n'); }

bool print_lines(std::string_view lines) {
    std::string shown;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(line.size() < lines.size() ? line.size() + 1 : line.size());
        shown += display(line) + '\n';
    }
    return write_to(stdout, shown);
}

bool print_json(std::string_view json) { return write_to(stdout, intent::text::display_json(json) + '\n'); }

bool print_bytes(std::string_view bytes) {
    if (isatty(STDOUT_FILENO) == 1)
        throw WrongUsage("standard output is a terminal; redirect it to a file or a program");
    return write_to(stdout, bytes);
}

void print_error(std::string_view text) { write_to(stderr, "intent: " + display(text) + '\n'); }

}  // namespace tool
