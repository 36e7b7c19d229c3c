// The clock of cooldowns and remembered answers: the only place of this folder that reads one.
#pragma once

#include "toolkit/core/counters.hpp"

namespace intent::toolkit {

Time now();

}  // namespace intent::toolkit
