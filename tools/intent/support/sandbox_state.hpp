// Who and what is in a running sandbox, by name or id.
#pragma once

#include "tools/intent/support/control.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The answer of `GET /state`, searched.
///
/// Threads: distinct objects: safe.
class SandboxState {
public:
    explicit SandboxState(Control& control) : state_(control.get("/state")) {}
    explicit SandboxState(boost::json::value state) : state_(std::move(state)) {}

    /// By username or id. Errors: WrongUsage, naming `flag` and who is there.
    const boost::json::value& user(std::string_view flag, std::string_view name) const;
    bool has_user(std::string_view name) const;
    bool is_bot(std::string_view id) const;
    /// The first that is, or is not, a bot; null if there is none.
    const boost::json::value& first_user(bool bot) const;

    struct Channel {
        const boost::json::value* server;
        const boost::json::value* channel;
    };
    /// By name (with or without '#') or id. Errors: WrongUsage, naming `flag` and what is there.
    Channel channel(std::string_view flag, std::string_view name) const;
    /// The first of a type (protocol §8) that there is, else any.
    Channel first_channel(int type) const;
    /// A channel of direct messages: by id, else the first; null if there is none.
    const boost::json::value& direct_channel(const std::optional<std::string>& id) const;
    /// As `--dialect` takes it.
    std::string dialect() const;

private:
    std::vector<Channel> channels() const;

    boost::json::value state_;
};

}  // namespace tool
