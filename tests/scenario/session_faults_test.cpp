// Complete sessions, each repeated with a cut, a timeout and a cancel after each of its steps.
#include "tests/support/session_script.hpp"

namespace intent::test::session_faults_test {
namespace {

using codec::Opcode;

// Steps that several scripts share.
Step start() {
    return {"start", [](Driver& d) { return d.start(); }, {"open"}};
}
Step open() {
    return {"open", [](Driver& d) { return d.open(); }, {"send identify"}, 20s};
}
Step ready(std::string id, int interval_ms) {
    return {"ready",
            [id, interval_ms](Driver& d) { return d.ready(id, interval_ms); },
            {"ready first", "send heartbeat null"},
            std::chrono::milliseconds(interval_ms)};
}
Step event(std::uint64_t seq) {
    return {"event", [seq](Driver& d) { return d.event(seq); }, {"deliver TEST " + std::to_string(seq)}};
}
Step ack() {
    return {"ack", [](Driver& d) { return d.ack(); }, {}};
}
Step advance(session::Time::duration span, Lines expected) {
    return {"advance", [span](Driver& d) { return d.advance(span); }, std::move(expected)};
}
Step closed(int code, Lines expected) {
    return {"closed", [code](Driver& d) { return d.closed(code); }, std::move(expected)};
}
Step reopen(std::string sends) {
    const auto wake = sends.starts_with("send resume") ? 2s : 20s;  // a heartbeat, or the deadline
    return {"reopen", [](Driver& d) { return d.reopen(); }, {std::move(sends)}, wake};
}
Step receive(Opcode op, std::string json, Lines expected) {
    return {"receive", [op, json](Driver& d) { return d.receive(op, json); }, std::move(expected)};
}

TEST(SessionFaults, todays_server) {
    run_with_faults(
        {"today",
         {},
         {start(),
          open(),
          ready("", 10'000),
          ack(),
          event(1),
          event(2),
          advance(10s, {"send heartbeat 2"}),
          ack(),
          event(3),
          closed(1006, {"disconnected 1006", "reconnecting 1"}),
          reopen("send identify"),
          {"ready again", [](Driver& d) { return d.ready("", 10'000); }, {"ready", "lost", "send heartbeat null"}, 10s},
          event(1)}});
}

TEST(SessionFaults, a_newer_server_with_a_resume) {
    run_with_faults({"newer",
                     {},
                     {start(),
                      open(),
                      {"hello", [](Driver& d) { return d.hello(10'000); }, {}},
                      {"ready", [](Driver& d) { return d.ready_event(1, "s1"); }, {"ready first", "deliver READY 1"}},
                      event(2),
                      advance(10s, {"send heartbeat 2"}),
                      ack(),
                      event(3),
                      closed(1012, {"disconnected 1012 will resume", "reconnecting 1"}),
                      reopen("send resume s1 3"),
                      {"hello again", [](Driver& d) { return d.hello(10'000); }, {}},
                      event(4),
                      event(5),
                      {"resumed", [](Driver& d) { return d.resumed(6); }, {"resumed 2", "deliver RESUMED 6"}},
                      event(7)}});
}

TEST(SessionFaults, commands_during_a_requested_reconnect) {
    const auto presence = [](session::CommandId id, Lines expected) {
        return Step{"presence", [id](Driver& d) { return d.presence(id); }, std::move(expected)};
    };
    const std::string sends = R"(send presence_update {"status":"online","afk":false})";
    run_with_faults(
        {"commands",
         {},
         {start(),
          presence(1, {}),
          open(),
          {"ready",
           [](Driver& d) { return d.ready("s1", 10'000); },
           {"ready first", "send heartbeat null", sends, "sent 1"},
           10s},
          presence(2, {sends, "sent 2"}),
          ack(),
          advance(6s, {}),
          receive(Opcode::reconnect, "null", {"close 4000", "disconnected 4000 will resume", "reconnecting 1", "open"}),
          presence(3, {}),
          presence(4, {"failed 3 superseded"}),
          {"open", [](Driver& d) { return d.open(); }, {"send resume s1 0"}, 2s},
          {"resumed",
           [](Driver& d) { return d.resumed(1); },
           {"resumed 0", "deliver RESUMED 1", "send heartbeat 1", sends, "sent 4"},
           10s}}});
}

TEST(SessionFaults, a_session_refused_and_replaced) {
    run_with_faults(
        {"refused",
         {},
         {start(),
          open(),
          ready("s1", 10'000),
          ack(),
          event(1),
          advance(6s, {}),
          receive(Opcode::invalid_session, "true", {"close 4000", "disconnected 4000 will resume", "reconnecting 1"}),
          reopen("send resume s1 1"),
          receive(Opcode::invalid_session, "false", {"close 4000", "disconnected 4000", "reconnecting 2"}),
          reopen("send identify"),
          {"ready", [](Driver& d) { return d.ready("s2", 10'000); }, {"ready", "lost", "send heartbeat null"}, 10s},
          event(1)}});
}

TEST(SessionFaults, failures_before_the_first_ready) {
    const auto fail = [](unsigned attempt) {
        return Step{
            "fail", [](Driver& d) { return d.fail(); }, {"connect failed", "reconnecting " + std::to_string(attempt)}};
    };
    const auto wake = [] { return Step{"wake", [](Driver& d) { return d.wake(); }, {"open"}}; };
    run_with_faults(
        {"hard",
         {},
         {start(), fail(1), wake(), fail(2), wake(), open(), closed(4003, {"disconnected 4003", "reconnecting 3"}),
          reopen("send identify"), advance(20s, {"close 4000", "disconnected 4000", "reconnecting 4"}),
          reopen("send identify"), ready("s1", 5'000), advance(10s, {"send heartbeat null", "send heartbeat null"}),
          advance(5s, {"abort", "disconnected 1006 will resume", "reconnecting 5"})}});
}

TEST(SessionFaults, a_saved_session) {
    session::Settings settings;
    settings.saved = session::SavedSession{"old", 10};
    run_with_faults({"saved",
                     settings,
                     {start(),
                      {"open", [](Driver& d) { return d.open(); }, {"send resume old 10"}, 2s},
                      {"event", [](Driver& d) { return d.event(11); }, {"deliver TEST 11", "send heartbeat 11"}, 2s},
                      advance(2s, {"resumed 1"}),
                      event(12)}});
}

TEST(SessionFaults, a_token_that_is_refused) {
    run_with_faults({"token", {}, {start(), open(), closed(4004, {"disconnected 4004", "stopped authentication"})}});
}

TEST(SessionFaults, a_server_that_sends_invalid_frames) {
    run_with_faults({"nonsense",
                     {},
                     {start(),
                      open(),
                      {"text", [](Driver& d) { return d.text(); }, {"notice"}},
                      {"garbage", [](Driver& d) { return d.bytes({0xc1}); }, {"bad frame"}},
                      receive(Opcode::hello, R"({"heartbeat_interval":"x"})", {"notice"}),
                      receive(Opcode::identify, "{}", {}),
                      {"ready", [](Driver& d) { return d.ready("s1", 10'000); }, {"ready first"}},
                      {"gap", [](Driver& d) { return d.event(9); }, {"deliver TEST 9"}},
                      {"gap", [](Driver& d) { return d.event(12); }, {"gap 9 12", "deliver TEST 12"}},
                      {"repeat", [](Driver& d) { return d.event(12); }, {}},
                      {"fall", [](Driver& d) { return d.event(3); }, {"gap 12 3"}},
                      closed(4999, {"disconnected 4999 will resume", "reconnecting 1"})}});
}

}  // namespace
}  // namespace intent::test::session_faults_test
