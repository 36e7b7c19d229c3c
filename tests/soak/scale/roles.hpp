// The processes of the bot: the program of the test runs itself as a relay or as a worker.
#pragma once

#include <string>
#include <vector>

namespace intent::test {

/// A message "SERIAL poison APPLICATION" kills each worker of that application whose handler gets it.
inline constexpr auto poison = "poison ";

/// The name of the bot on the broker.
inline constexpr auto bot_name = "soak";

/// Runs until a signal. `arguments`: id, broker, gateway, REST API, time of the lease in ms. The token is in the
/// environment. Prints "pid N" first.
int run_relay_role(const std::vector<std::string>& arguments);

/// Runs until a signal. `arguments`: number of the worker, broker, application, "pool" or "ordered", `ack_wait` in ms,
/// maximum number of deliveries, file for the notes. Prints "pid N" first.
///
/// The bot answers a message "SERIAL …" with "APPLICATION SERIAL".
int run_worker_role(const std::vector<std::string>& arguments);

}  // namespace intent::test
