// What a Context refers to.
#pragma once

#include <intent/commands/context.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0::detail {

class CommandSet;

struct Invocation {
    std::shared_ptr<CommandSet> set;
    Message message;
    User author;
    std::string prefix;
    std::string command = {};   ///< the full name; empty for an unknown command
    std::string usage = {};     ///< without the prefix
    std::size_t arguments = 0;  ///< where they begin in the line
    ServerId server = {};

    /// The message without the prefix.
    std::string_view line() const noexcept { return std::string_view(message.content).substr(prefix.size()); }

    static Context context(std::shared_ptr<const Invocation> invocation) { return Context(std::move(invocation)); }
    static const Invocation& of(const Context& context) noexcept { return *context.invocation_; }
};

}  // namespace intent::detail
