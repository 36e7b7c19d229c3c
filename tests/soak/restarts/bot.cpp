#include "tests/soak/restarts/bot.hpp"

#include <intent/client.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace intent::test {
namespace {

/// A file to which each event is appended at once, so that a crash loses no note.
class Notes {
public:
    explicit Notes(const std::string& path)
        : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
        if (file_ < 0) throw std::runtime_error("cannot open " + path);
    }
    ~Notes() { ::close(file_); }
    Notes(const Notes&) = delete;
    Notes& operator=(const Notes&) = delete;

    void add(const std::string& serial, const std::string& process) const {
        const std::string line = serial + " " + process + "\n";
        if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            throw std::runtime_error("cannot write the notes");
    }

private:
    int file_;
};

/// Most events take a few milliseconds and end in an order of their own; some end in their call.
std::chrono::milliseconds time_of(unsigned serial) {
    const unsigned mixed = (serial * 2654435761u) >> 16;
    return std::chrono::milliseconds(mixed % 5 == 0 ? 0 : mixed % 100);
}

struct Bot {
    Bot(ClientOptions options, const std::string& notes_file, std::string number)
        : notes(notes_file), process(std::move(number)), client(std::move(options)) {
        client.on(&Bot::on_message, this);
        client.once([](const Ready&) { up(); });
        // While events keep coming, a Resumed without an event of the server comes late: a replayed event is earlier.
        client.once([](const MessageCreate&) { up(); });
    }

    static void up() {
        std::puts("up");
        std::fflush(stdout);
    }

    task<> on_message(MessageCreate event) {
        const auto time = time_of(static_cast<unsigned>(std::stoul(event.message.content)));
        if (time.count() != 0) co_await client.sleep_for(time);
        notes.add(event.message.content, process);
    }

    const Notes notes;
    const std::string process;
    Client client;  // last: its handlers use the rest
};

}  // namespace

int run_restarted_bot(const std::vector<std::string>& arguments) {
    ClientOptions options;
    options.token = token_from_env();
    options.gateway_url = arguments.at(0);
    options.rest_url = "http://127.0.0.1:1/";
    options.session_file = arguments.at(1);
    options.fetch_channels = false;
    options.handler_threads = 3;
    Bot bot(std::move(options), arguments.at(2), arguments.at(3));
    const int status = bot.client.run();
    std::printf("skipped %llu\n", static_cast<unsigned long long>(bot.client.gauges().duplicates));
    return status;
}

}  // namespace intent::test
