// `intent relay status`: shows the relays, the stream and the applications of a bot.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/http.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/relay/commands/commands.hpp"
#include "tools/relay/support/relay_report.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <chrono>

namespace tool {

namespace {

constexpr std::chrono::milliseconds least_interval{200};

bool print(const boost::json::object& report, bool json) {
    return json ? print_json(boost::json::serialize(report)) : print_lines(report_text(report));
}

/// Shows reports until SIGINT or SIGTERM. A broker that does not answer is reported and asked again.
int watch(const RelayStatusFlags& flags, const BrokerAccess& access) {
    const auto interval = std::max(duration_of("--interval", flags.interval), least_interval);
    Http pause;
    pause.heed_signals();
    try {
        for (;;) {
            try {
                if (!print(relay_report(access), flags.json)) return failed;
                if (!flags.json && !print_line("")) return failed;
            } catch (const intent::NetworkError& error) {
                print_error(error.what());
            }
            pause.pause(interval);
        }
    } catch (const Interrupted&) {
        return done;
    }
}

}  // namespace

int show_status(const RelayStatusFlags& flags) {
    if (flags.watch) duration_of("--interval", flags.interval);
    const auto access = connect_to_broker(flags.broker);
    if (flags.watch) return watch(flags, access);
    return print(relay_report(access), flags.json) ? done : failed;
}

}  // namespace tool
