// Finds users and channels of a running sandbox by name or id.
#pragma once

#include "tools/intent/support/control.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The response of `GET /state`, with search functions.
///
/// Distinct objects: safe. Shared objects: safe for concurrent reads.
class SandboxState {
public:
    explicit SandboxState(Control& control) : state_(control.get("/state")) {}
    explicit SandboxState(boost::json::value state) : state_(std::move(state)) {}

    /// Finds by username or id. Errors: WrongUsage that names `flag` and the existing users.
    const boost::json::value& user(std::string_view flag, std::string_view name) const;
    bool has_user(std::string_view name) const;
    bool is_bot(std::string_view id) const;
    /// The first bot, or the first user who is not a bot; null if there is none.
    const boost::json::value& first_user(bool bot) const;

    struct Channel {
        const boost::json::value* server;
        const boost::json::value* channel;
    };
    /// Finds by name (with or without '#') or id. Errors: WrongUsage that names `flag` and the existing channels.
    Channel channel(std::string_view flag, std::string_view name) const;
    /// The first channel of a type (protocol §8), otherwise of any type. Errors: ControlError without channels.
    Channel first_channel(int type) const;
    /// A direct message channel: by id, or the first one if `id` is unset; null if there is none.
    const boost::json::value& direct_channel(const std::optional<std::string>& id) const;
    /// A value of `--dialect`.
    std::string dialect() const;

private:
    std::vector<Channel> channels() const;

    boost::json::value state_;
};

}  // namespace tool
