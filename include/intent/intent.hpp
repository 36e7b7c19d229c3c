// Everything a bot needs. Tests of bots also include <intent/sandbox.hpp>.
//
// Threads, unless a class states otherwise: different objects may be used on different threads at the same time, one
// object on one thread at a time.
#pragma once

#include <intent/attempt.hpp>
#include <intent/client.hpp>
#include <intent/clock.hpp>
#include <intent/collector.hpp>
#include <intent/errors.hpp>
#include <intent/events.hpp>
#include <intent/history.hpp>
#include <intent/io_thread.hpp>
#include <intent/json.hpp>
#include <intent/limits.hpp>
#include <intent/log.hpp>
#include <intent/metrics.hpp>
#include <intent/permissions.hpp>
#include <intent/rest.hpp>
#include <intent/run.hpp>
#include <intent/schedule.hpp>
#include <intent/scope.hpp>
#include <intent/text.hpp>
#include <intent/trace.hpp>
#include <intent/typing.hpp>
#include <intent/version.hpp>
#include <intent/webhook_verifier.hpp>
