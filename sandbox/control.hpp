// The orders that a running sandbox takes below /_sandbox/v1 (docs/sandbox-control.md).
#pragma once

#include "net/server.hpp"
#include "sandbox/api.hpp"
#include "sandbox/gateway.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/orders.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::sandbox {

class Host;

/// Answers every order, whatever it is: refusals and failures become answers too.
///
/// Threads: the loop's.
class Control {
public:
    using Respond = std::function<void(net::ServerResponse)>;

    explicit Control(Host& host);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    /// A request whose path begins with "/_sandbox".
    void handle(const net::ServerRequest& request, const Respond& respond);

    /// The journal has grown, which is to be told where somebody awaits it.
    bool awaits_news() const noexcept { return !waiting_.empty(); }
    void on_news();

    /// Whether the request brings a store from one who may give orders; its body need not be here.
    bool may_restore(const net::ServerRequest& head) const;

    static bool is_order(std::string_view path);

private:
    struct Order {
        const net::ServerRequest& request;
        std::string path;                         ///< below /_sandbox/v1
        std::vector<std::string> arguments = {};  ///< what stands where the route's pattern has "{}"
    };
    using Handler = ApiReply (Control::*)(const Order&);
    struct Entry;
    static const std::vector<Entry>& entries();

    struct Waiting;
    /// Errors: Problem, before `respond` is called.
    void read_journal(const net::ServerRequest& request, Respond respond);
    void end_waiting(const std::shared_ptr<Waiting>& waiting);
    net::ServerResponse journal_reply(const Journal::Wanted& wanted);

    std::optional<std::string> refused(const net::ServerRequest& request) const;
    void check_caller(const net::ServerRequest& request) const;
    ApiReply answer(const net::ServerRequest& request);
    ApiReply run(Order& order);

    ApiReply state(const Order& order);
    ApiReply list_users(const Order& order);
    ApiReply add_user(const Order& order);
    ApiReply user_token(const Order& order);
    ApiReply act_as(const Order& order);
    ApiReply send_event(const Order& order);
    ApiReply send_frame(const Order& order);
    ApiReply list_sessions(const Order& order);
    ApiReply list_faults(const Order& order);
    ApiReply add_fault(const Order& order);
    ApiReply remove_faults(const Order& order);
    ApiReply remove_fault(const Order& order);
    ApiReply clear_journal(const Order& order);
    ApiReply list_buckets(const Order& order);
    ApiReply reset(const Order& order);
    ApiReply read_clock(const Order& order);
    ApiReply advance_clock(const Order& order);
    ApiReply snapshot(const Order& order);
    ApiReply restore(const Order& order);
    ApiReply open_direct_channel(const Order& order);
    ApiReply list_direct_channels(const Order& order);
    ApiReply add_delivery(const Order& order);
    ApiReply list_deliveries(const Order& order);
    ApiReply get_delivery(const Order& order);
    ApiReply remove_deliveries(const Order& order);

    Account account(std::string_view name_or_id);
    SessionChoice choice(OrderFields& fields);
    boost::json::array sessions_json();
    boost::json::array users_json();
    boost::json::array servers_json();
    boost::json::array direct_channels_json();
    boost::json::array faults_json();
    ApiReply clock_reply();

    Host& host_;
    std::list<std::shared_ptr<Waiting>> waiting_;
};

/// The user of that name or id.
///
/// Errors: Problem 404.
Account find_account(Store& store, std::string_view name_or_id);

}  // namespace intent::sandbox
