// The functions of `intent-relay`, one for each command. They return the exit status.
#pragma once

#include "tools/intent/relay/flags.hpp"

namespace tool {

int run_relay(const RelayRunFlags& flags);
int print_accounts(const RelayAccountsFlags& flags);
int show_status(const RelayStatusFlags& flags);
int list_dead_letters(const DeadLetterFlags& flags);
int show_dead_letters(const DeadLetterFlags& flags);
int retry_dead_letters(const DeadLetterFlags& flags);
int drop_dead_letters(const DeadLetterFlags& flags);

}  // namespace tool
