// The bot of the drill: a process of its own that notes which events it handles.
#pragma once

#include <string>
#include <vector>

namespace intent::test {

/// Runs until a signal. `arguments`: gateway, session file, file for the notes, number of this process. The token is in
/// the environment. Prints "up" once events arrive, and at an orderly end "skipped NUMBER": the events that an
/// earlier process had handled.
int run_restarted_bot(const std::vector<std::string>& arguments);

}  // namespace intent::test
