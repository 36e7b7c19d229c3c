// What is on its way between two ends that use the same virtual clock.
#pragma once

#include "net/virtual_clock.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace intent::net {

/// A WebSocket connection or an HTTP request, as work of its clock. The client's end creates it and sends its number in
/// a header, by which a server in the same process finds it. Messages are counted when they are sent and when they have
/// been handled, so that none is on its way unnoticed.
///
/// Threads: safe.
class Transit {
public:
    enum class End { client, server };

    /// The header with the number. Servers ignore the number of another process's clock.
    static constexpr std::string_view header = "x-intent-test-clock";

    /// Begins with one message on its way to the client: the answer.
    static std::shared_ptr<Transit> open(const std::shared_ptr<VirtualClock>& clock, Work kind);
    /// For a connection whose client has another clock: only unsent messages count.
    static std::shared_ptr<Transit> open_to_stranger(const std::shared_ptr<VirtualClock>& clock, Work kind);
    /// The one with this number, or null.
    static std::shared_ptr<Transit> find(const std::shared_ptr<VirtualClock>& clock, std::string_view number);
    ~Transit();
    Transit(const Transit&) = delete;
    Transit& operator=(const Transit&) = delete;

    std::string number() const;
    bool to_stranger() const noexcept { return stranger_; }

    /// The server's end takes part from now on.
    void join();
    void sent(End by);
    /// A message to a stranger has been written to the socket.
    void written();
    void handled(End at, std::size_t count = 1);
    /// This end sends no more and handles no more messages; the other end will notice.
    void ended(End by);
    /// Nothing more happens at this end.
    void gone(End at);
    /// While held, what is on its way to this end does not count: it waits for the clock, or reading is paused.
    void hold(End at, bool held);

private:
    struct Side {
        std::size_t waiting = 0;  // messages on their way to this end
        bool to_notice = false;   // the end of the other side
        bool deaf = false;
        bool gone = false;
        bool held = false;
        std::size_t work() const noexcept { return held || gone ? 0 : waiting + (to_notice ? 1 : 0); }
    };
    Transit(std::shared_ptr<VirtualClock> clock, Work kind, std::uint64_t number);
    Side& side(End end) noexcept { return end == End::client ? client_ : server_; }
    Side& opposite(End end) noexcept { return end == End::client ? server_ : client_; }
    void end_side(End by) noexcept;
    template <class Change>
    void update(Change change);

    const std::shared_ptr<VirtualClock> clock_;
    const Work kind_;
    const std::uint64_t number_;
    std::mutex mutex_;
    Side client_;
    Side server_;
    bool joined_ = false;
    bool stranger_ = false;
};

}  // namespace intent::net
