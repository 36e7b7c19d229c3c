#include "tests/soak/scale/roles.hpp"

#include "tests/soak/scale/notes.hpp"

#include <intent/client.hpp>
#include <intent/relay.hpp>
#include <intent/worker.hpp>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace intent::test {
namespace {

void begin_role() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no processes
    std::printf("pid %d\n", static_cast<int>(getpid()));
    std::fflush(stdout);
}

BrokerOptions broker_at(const std::string& url) {
    BrokerOptions options;
    options.urls = {url};
    options.bot = bot_name;
    return options;
}

/// INTENT_SOAK_LOG=debug shows what the processes do.
std::shared_ptr<LogSink> log_of_role() {
    const char* level = std::getenv("INTENT_SOAK_LOG");
    const std::string_view text = level ? level : "";
    return stderr_log(text == "debug" ? LogLevel::debug : text == "info" ? LogLevel::info : LogLevel::error);
}

/// Most messages take a few milliseconds, and end in an order of their own.
std::chrono::milliseconds time_of(unsigned serial) {
    const unsigned mixed = (serial * 2654435761u) >> 16;
    return std::chrono::milliseconds(mixed % 5 == 0 ? 0 : mixed % 60);
}

struct Bot {
    Bot(WorkerOptions options, const std::string& notes_file, std::string number)
        : notes(notes_file), application(options.application), worker(std::move(number)), client(std::move(options)) {
        client.on(&Bot::on_message, this);
        client.on(&Bot::on_gap, this);
    }

    void note(const char* what, const std::string& serial) const { notes.add(what + (" " + serial) + " " + worker); }

    task<> on_message(MessageCreate event) {
        const char first = event.message.content.empty() ? ' ' : event.message.content.front();
        if (first < '0' || first > '9') co_return;  // an answer of the bot
        const std::string serial = event.message.content.substr(0, event.message.content.find(' '));
        note("begin", serial);
        if (event.message.content.ends_with(poison + application)) ::kill(getpid(), SIGKILL);
        const auto time = time_of(static_cast<unsigned>(std::stoul(serial)));
        if (time.count() != 0) co_await client.sleep_for(time);
        const char* outcome = "end";
        try {
            co_await event.message.reply(application + " " + serial);
        } catch (const UnknownOutcomeError&) {
            outcome = "unknown";
        } catch (const CancelledError&) {
            throw;  // the worker stops
        } catch (const std::exception& error) {
            note("fail", serial);
            std::fprintf(stderr, "worker %s of %s, message %s: %s\n", worker.c_str(), application.c_str(),
                         serial.c_str(), error.what());
            throw;
        }
        note(outcome, serial);
    }

    void on_gap(const Gap& gap) const {
        notes.add("gap " + std::to_string(gap.from.time_since_epoch().count()) + " " +
                  std::to_string(gap.to.time_since_epoch().count()));
    }

    const NoteWriter notes;
    const std::string application;
    const std::string worker;
    Worker client;  // last: its handlers use the rest
};

}  // namespace

int run_relay_role(const std::vector<std::string>& arguments) {
    begin_role();
    RelayOptions options;
    options.client.token = token_from_env();
    options.id = arguments.at(0);
    options.broker = broker_at(arguments.at(1));
    options.client.gateway_url = arguments.at(2);
    options.client.rest_url = arguments.at(3);
    options.client.log = log_of_role();
    options.lease_ttl = std::chrono::milliseconds(std::stoi(arguments.at(4)));
    options.stream.max_bytes = std::int64_t{16} << 20;
    return Relay(std::move(options)).run();
}

int run_worker_role(const std::vector<std::string>& arguments) {
    begin_role();
    WorkerOptions options;
    options.broker = broker_at(arguments.at(1));
    options.broker.inbox_prefix = "_INBOX_" + arguments.at(2);
    options.application = arguments.at(2);
    options.mode = arguments.at(3) == "ordered" ? WorkerMode::ordered : WorkerMode::pool;
    options.begin = WorkerStart::oldest;
    options.ack_wait = std::chrono::milliseconds(std::stoi(arguments.at(4)));
    options.max_deliveries = static_cast<unsigned>(std::stoul(arguments.at(5)));
    options.retry_delays = {std::chrono::seconds(1)};
    options.log = log_of_role();
    Bot bot(std::move(options), arguments.at(6), arguments.at(0));
    return bot.client.run();
}

}  // namespace intent::test
