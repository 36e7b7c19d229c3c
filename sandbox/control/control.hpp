// The requests below /_sandbox/v1 with which programs control a running sandbox (docs/sandbox-control.md), and its
// metrics, which have the same access control.
#pragma once

#include "net/server.hpp"
#include "sandbox/base/fields.hpp"
#include "sandbox/control/bot_metrics.hpp"
#include "sandbox/control/parts.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

ApiReply json_reply(const boost::json::object& body, int status = 200);

/// Answers every control request, including refusals and failures.
///
/// Threads: the loop's.
class Control {
public:
    using Respond = std::function<void(net::ServerResponse)>;

    explicit Control(RunningSandbox& sandbox);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    /// A request for which `is_control_request` is true.
    void handle(const net::ServerRequest& request, const Respond& respond);

    /// Whether a request waits for journal entries. If so, call `on_news` when there are new ones.
    bool awaits_news() const noexcept { return !waiting_.empty(); }
    void on_news();

    /// Whether a request may replace the store. Decided before its body arrives.
    bool may_restore(const net::ServerRequest& head) const;

    /// The path begins with "/_sandbox", or is that of the metrics.
    static bool is_control_request(std::string_view path);

    /// Drops requests to other programs. The requests that wait for them are not answered.
    void stop();

private:
    struct Request {
        const net::ServerRequest& http;
        std::string path;                         ///< below /_sandbox/v1
        std::vector<std::string> arguments = {};  ///< values of "{}" and "*" in the pattern
    };
    using Handler = ApiReply (Control::*)(const Request&);
    struct Entry;
    static const std::vector<Entry>& entries();

    struct Waiting;
    /// Errors: Problem, before `respond` is called.
    void read_journal(const net::ServerRequest& request, Respond respond);
    void end_waiting(const std::shared_ptr<Waiting>& waiting);
    net::ServerResponse journal_reply(const Journal::Wanted& wanted);

    static void send(ApiReply reply, const Respond& respond);
    std::optional<std::string> refused(const net::ServerRequest& request) const;
    void check_caller(const net::ServerRequest& request) const;
    ApiReply answer(const net::ServerRequest& request);
    ApiReply run(Request& request);

    ApiReply metrics(const net::ServerRequest& request);
    /// Errors: Problem, before `respond` is called.
    void read_bot_metrics(const net::ServerRequest& request, const Respond& respond);

    ApiReply state(const Request& request);
    ApiReply list_users(const Request& request);
    ApiReply add_user(const Request& request);
    ApiReply user_token(const Request& request);
    ApiReply act_as(const Request& request);
    ApiReply send_event(const Request& request);
    ApiReply send_frame(const Request& request);
    ApiReply list_sessions(const Request& request);
    ApiReply list_fault_kinds(const Request& request);
    ApiReply list_faults(const Request& request);
    ApiReply add_fault(const Request& request);
    ApiReply remove_faults(const Request& request);
    ApiReply remove_fault(const Request& request);
    ApiReply clear_journal(const Request& request);
    ApiReply list_buckets(const Request& request);
    ApiReply reset(const Request& request);
    ApiReply read_clock(const Request& request);
    /// Errors: Problem, before `respond` is called.
    void advance_clock(const net::ServerRequest& request, const Respond& respond);
    ApiReply snapshot(const Request& request);
    ApiReply restore(const Request& request);
    ApiReply open_direct_channel(const Request& request);
    ApiReply list_direct_channels(const Request& request);
    ApiReply add_delivery(const Request& request);
    ApiReply list_deliveries(const Request& request);
    ApiReply get_delivery(const Request& request);
    ApiReply remove_deliveries(const Request& request);

    Account account(std::string_view name_or_id);
    SessionChoice choice(const Fields& fields);
    boost::json::array sessions_json();
    boost::json::array users_json();
    boost::json::array servers_json();
    boost::json::array direct_channels_json();
    boost::json::array faults_json();
    ApiReply clock_reply();

    RunningSandbox& sandbox_;
    Parts parts_;
    BotMetrics bot_metrics_;
    std::list<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace intent::sandbox
