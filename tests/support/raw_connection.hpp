// Sends bytes to a server on this machine and reads everything that comes back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace intent::test {

/// One blocking connection to 127.0.0.1.
///
/// Threads: one at a time.
class RawConnection {
public:
    explicit RawConnection(std::uint16_t port);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    bool open() const { return open_; }
    void send(std::string_view bytes);
    void end_sending();

    /// Everything received until it contains `wanted`, or until the peer ends.
    std::string read_until(std::string_view wanted) { return read_from(wanted, 0); }
    /// The same, but `wanted` must come behind the first `position` bytes.
    std::string read_from(std::string_view wanted, std::size_t position);
    /// Everything until the peer ends.
    std::string read_all();

private:
    int socket_;
    bool open_ = false;
    std::string received_;
};

/// Sends the bytes, ends its side, and reads to the end.
std::string talk(std::uint16_t port, std::string_view bytes);

/// A request for a WebSocket, up to the empty line.
std::string upgrade_request(std::string_view path, std::string_view more_headers = {},
                            std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==");

}  // namespace intent::test
