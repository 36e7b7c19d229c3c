// What a close code of the gateway means for the client: one table (protocol §6).
#pragma once

#include <cstdint>
#include <string_view>

namespace intent::session {

/// What we close with: 1000 ends the session, and so would 1001; any other leaves it to be resumed (protocol §5).
inline constexpr std::uint16_t normal_close = 1000;
inline constexpr std::uint16_t resumable_close = 4000;

enum class OnClose {
    resume,               ///< reconnect with back-off; resume if there is a session
    identify,             ///< drop the session, reconnect with back-off
    pause,                ///< as `resume`, after at least 5 s and with the send limit used up
    report_frame,         ///< as `resume`, and the last command is reported; three times in 10 min: stop
    report_voice,         ///< as `resume`, and the last voice state update is reported
    stop_authentication,  ///< the token is refused
    stop_configuration,   ///< the server will never take what we ask for
};

struct CloseRule {
    int code = 0;
    OnClose then = OnClose::resume;
    std::string_view meaning;  ///< never empty
};

/// The rule for any code; unknown ones resume.
const CloseRule& close_rule(int code) noexcept;

}  // namespace intent::session
