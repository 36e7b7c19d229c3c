// Arguments of calls: classes with setters, safe as temporaries inside `co_await` (see task.hpp). To read the fields
// that `get()` returns, include <intent/raw/bodies.hpp>.
#pragma once

#include <intent/bodies/account.hpp>
#include <intent/bodies/invite.hpp>
#include <intent/bodies/member.hpp>
#include <intent/bodies/message.hpp>
#include <intent/bodies/server.hpp>
#include <intent/bodies/webhook.hpp>
