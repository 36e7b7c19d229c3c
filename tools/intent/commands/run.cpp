// `intent run -- CMD`: runs a sandbox and a bot, and restarts the bot when its files change.
#include "net/clock.hpp"
#include "tools/intent/commands/sandbox_flags.hpp"
#include "tools/intent/process/child.hpp"
#include "tools/intent/process/file_watch.hpp"
#include "tools/intent/process/private_folder.hpp"
#include "tools/intent/process/supervisor.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

namespace tool {

namespace {

using namespace std::chrono_literals;

struct RunFlags {
    SandboxFlags sandbox = {};
    std::vector<std::string> globs = {};
    std::vector<std::string> words = {};
    bool new_session = false;
};

/// Signal handlers write signal numbers to it, so that `poll` can wait for them. One per process.
int signal_pipe[2] = {-1, -1};

void on_signal(int number) {
    const int error = errno;
    const auto byte = static_cast<unsigned char>(number);
    [[maybe_unused]] const auto written = write(signal_pipe[1], &byte, 1);
    errno = error;
}

void catch_signals() {
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("cannot create a pipe for signals");
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD})
        sigaction(number, &action, nullptr);
}

/// Executes the actions of the supervisor.
class Runner {
public:
    Runner(const RunFlags& flags, std::string file, std::vector<std::string> variables)
        : words_(flags.words), file_(std::move(file)), variables_(std::move(variables)), watch_(watched(flags, file_)) {
        if (watch_.size() <= 1 && !flags.globs.empty()) print_error("warning: --watch matches no file yet");
    }

    void run() {
        feed([&](auto& actions) { supervisor_.on_begin(actions); });
        while (!finished_) {
            pollfd waits[] = {{signal_pipe[0], POLLIN, 0}, {watch_.descriptor(), POLLIN, 0}};
            poll(waits, watch_.descriptor() >= 0 ? 2 : 1, timeout());
            take_signals();
            if (waits[1].revents != 0 || watch_.descriptor() < 0) {
                watch_.drain();
                // Without inotify every poll counts as a file event, but must not postpone a pending wake-up.
                if (watch_.descriptor() >= 0 || !supervisor_.next_wake()) supervisor_.on_file_event(intent::net::now());
            }
            feed([&](auto& actions) { supervisor_.on_time(intent::net::now(), actions); });
        }
    }

private:
    static std::vector<std::string> watched(const RunFlags& flags, const std::string& file) {
        auto all = flags.globs;
        all.push_back(file);
        return all;
    }

    int timeout() const {
        const auto wake = supervisor_.next_wake();
        if (!wake) return watch_.descriptor() >= 0 ? -1 : 500;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*wake - intent::net::now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }

    void take_signals() {
        unsigned char number = 0;
        while (!finished_ && read(signal_pipe[0], &number, 1) == 1) {
            if (number != SIGCHLD) feed([&](auto& actions) { supervisor_.on_stop(intent::net::now(), actions); });
        }
        if (const auto raw = child_.reap()) {
            ending_ = ending_text(*raw);
            feed([&](auto& actions) { supervisor_.on_ended(actions); });
        }
    }

    template <class Input>
    void feed(Input input) {
        Supervisor::Actions actions;
        input(actions);
        // By index: executing an action may append others.
        for (std::size_t i = 0; i < actions.size(); ++i)
            std::visit([&](auto action) { perform(action, actions); }, Supervisor::Action(actions[i]));
    }

    void perform(Supervisor::Start, Supervisor::Actions&) {
        const int error = child_.start(file_, words_, variables_);
        if (error == 0) return supervisor_.on_started();
        const bool busy = error == ETXTBSY;
        if (!busy) print_error(file_ + ": " + std::strerror(error) + "; waiting for it to change");
        supervisor_.on_not_started(intent::net::now(), busy ? Supervisor::Why::busy : Supervisor::Why::not_there);
    }
    void perform(Supervisor::Ask, Supervisor::Actions&) { child_.signal(SIGTERM); }
    void perform(Supervisor::Kill, Supervisor::Actions&) {
        print_error("the bot does not exit and is killed");
        child_.signal(SIGKILL);
    }
    void perform(Supervisor::Compare, Supervisor::Actions& actions) {
        const auto changes = watch_.changes();
        // A linker first removes the old program: the bot keeps running until the new one exists.
        if (changes.empty() || !program_file(file_)) return;
        print_error(changes.front() + (changes.size() > 1 ? " and others have" : " has") +
                    " changed; restarting the bot");
        supervisor_.on_changed(intent::net::now(), actions);
    }
    void perform(Supervisor::ReportEnd, Supervisor::Actions&) {
        print_error("the bot exited by itself with " + std::exchange(ending_, "") +
                    "; restarting it when its files change");
    }
    void perform(Supervisor::Finish, Supervisor::Actions&) {
        if (!ending_.empty()) print_error("the bot exited with " + ending_);
        finished_ = true;
    }

    std::vector<std::string> words_;
    std::string file_;
    std::vector<std::string> variables_;
    FileWatch watch_;
    Supervisor supervisor_;
    Child child_;
    std::string ending_;
    bool finished_ = false;
};

int run(const RunFlags& flags) {
    auto options = sandbox_options(flags.sandbox);
    const auto file = program_file(flags.words.front());
    if (!file) throw WrongUsage("CMD " + flags.words.front() + ": not found or not executable");
    catch_signals();
    const auto sandbox = start_sandbox(std::move(options));
    if (!sandbox) return failed;
    // The next bot continues the session of the previous one, so it gets the events of the time without a bot.
    const PrivateFolder folder;
    print_error("the sandbox is running at " + sandbox->web_url() + "; Ctrl-C stops it and the bot");
    std::vector<std::string> variables = {"INTENT_TOKEN=" + std::string(sandbox->bot_token().reveal()),
                                          "INTENT_GATEWAY_URL=" + sandbox->gateway_url(),
                                          "INTENT_REST_URL=" + sandbox->rest_url()};
    // Empty: files that the tool's own environment names belong to another bot.
    variables.emplace_back("INTENT_TOKEN_FILE=");
    variables.push_back("INTENT_SESSION_FILE=" + (flags.new_session ? std::string() : folder.file("session")));
    Runner(flags, *file, std::move(variables)).run();
    sandbox->stop();
    return done;
}

}  // namespace

Command add_run(CLI::App& tool) {
    auto* command = tool.add_subcommand("run", "Run a bot in a new sandbox and restart it when its files change");
    const auto flags = std::make_shared<RunFlags>();
    command->add_option("cmd", flags->words, "The bot and its arguments, after --")->type_name("CMD")->required();
    repeatable(command->add_option("--watch", flags->globs,
                                   "Also restart the bot when these files change, e.g. 'src/**/*.py'; repeatable"))
        ->type_name("GLOB");
    command->add_flag("--new-session", flags->new_session,
                      "A restarted bot begins a new session, instead of continuing the previous one");
    add_sandbox_flags(*command, flags->sandbox);
    return {command, [flags] { return run(*flags); }};
}

}  // namespace tool
