// How the parts of `Commands` send and reply.
#pragma once

#include "codec/frame.hpp"
#include "codec/result.hpp"
#include "session/actions.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <string_view>
#include <variant>

namespace intent::client {

/// The result of a call without a result.
struct Done {};

/// A result or an error.
template <class T>
using Answer = std::variant<T, std::exception_ptr>;

template <class T>
using Reply = std::function<void(Answer<T>)>;

/// Sends commands for others.
class Sender {
public:
    /// Called when the command was passed to the socket (null), or will never be. Not called for `refused`, which comes
    /// later.
    using Ended = std::function<void(const session::CommandFailed*)>;

    virtual ~Sender() = default;

    /// Returns the command's id. `ended` is never called before this returns, unless the session has permanently
    /// stopped.
    virtual session::CommandId send(codec::Opcode op, codec::Bytes data, Ended ended) = 0;
    virtual void after(std::chrono::milliseconds delay, std::function<void()> work) = 0;
};

/// The error of errors.hpp for a command that failed; `what` begins its text.
std::exception_ptr error_of(const session::CommandFailed& failed, std::string_view what);

}  // namespace intent::client
