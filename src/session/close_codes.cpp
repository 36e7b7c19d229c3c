#include "session/close_codes.hpp"

#include <array>

namespace intent::session {
namespace {

constexpr std::array rules{
    CloseRule{1000, OnClose::resume, "the server ended the connection"},
    CloseRule{1001, OnClose::resume, "the server is going away"},
    CloseRule{1005, OnClose::resume, "closed without a code"},
    CloseRule{1006, OnClose::resume, "the connection broke"},
    CloseRule{1011, OnClose::resume, "internal server error"},
    CloseRule{1012, OnClose::resume, "the server is restarting"},
    CloseRule{1013, OnClose::resume, "the server is overloaded"},
    CloseRule{4000, OnClose::resume, "unknown server error"},
    CloseRule{4002, OnClose::report_frame, "the server could not decode our frame"},
    CloseRule{4003, OnClose::identify, "not authenticated: the server does not accept a Resume"},
    CloseRule{4004, OnClose::stop_authentication, "the server refused the token"},
    CloseRule{4007, OnClose::identify, "the server refused the sequence number of the Resume"},
    CloseRule{4008, OnClose::pause, "we sent too many frames"},
    CloseRule{4009, OnClose::report_frame, "our frame exceeded the server's size limit"},
    CloseRule{4010, OnClose::stop_configuration, "the server refused the shard"},
    CloseRule{4011, OnClose::report_voice, "unknown voice channel"},
    CloseRule{4012, OnClose::stop_configuration, "the server refused the protocol version"},
    CloseRule{4013, OnClose::stop_configuration, "the server refused the intents"},
    CloseRule{4014, OnClose::report_voice, "no permission to join the voice channel"},
    CloseRule{4015, OnClose::report_voice, "the voice channel is full"},
};
constexpr CloseRule unknown{0, OnClose::resume, "unknown close code"};

}  // namespace

const CloseRule& close_rule(int code) noexcept {
    for (const CloseRule& rule : rules)
        if (rule.code == code) return rule;
    return unknown;
}

}  // namespace intent::session
