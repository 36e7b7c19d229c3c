// Durations, points in time and clocks of std::chrono.
#pragma once

// <chrono> of libstdc++ also has the calendar and time zones, and includes the streams for them: a quarter of what the
// standard headers of this library cost. Bots that use the calendar include <chrono> themselves.
#if __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif
