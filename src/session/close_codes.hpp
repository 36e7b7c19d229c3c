// The meaning of the gateway's close codes for the client, in one table (protocol §6).
#pragma once

#include <cstdint>
#include <string_view>

namespace intent::session {

/// The code of our own closes: 1000 ends the session, as would 1001; after any other it can be resumed (protocol §5).
inline constexpr std::uint16_t normal_close = 1000;
inline constexpr std::uint16_t resumable_close = 4000;

enum class OnClose {
    resume,               ///< reconnect with back-off; resume if there is a session
    identify,             ///< drop the session, reconnect with back-off
    pause,                ///< as `resume`, after at least 5 s and with an exhausted send limit
    report_frame,         ///< as `resume`, and report the last command; three times in 10 min: stop
    report_voice,         ///< as `resume`, and report the last voice state update
    stop_authentication,  ///< the server refuses the token
    stop_configuration,   ///< the server will never accept the settings
};

struct CloseRule {
    int code = 0;
    OnClose then = OnClose::resume;
    std::string_view meaning;  ///< never empty
};

/// The rule for any code; unknown codes resume.
const CloseRule& close_rule(int code) noexcept;

}  // namespace intent::session
