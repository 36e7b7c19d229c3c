#include "net/impl/curl_descriptors.hpp"

#include "net/impl/descriptors.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <span>

namespace intent::net {

namespace {

// The pair takes the lowest free numbers; other threads may take some meanwhile.
constexpr int window = 32;

int lowest_free_descriptor() noexcept {
    const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) ::close(descriptor);
    return descriptor;
}

bool is_inherited_stream(int descriptor) noexcept {
    const int flags = ::fcntl(descriptor, F_GETFD);
    if (flags < 0 || (flags & FD_CLOEXEC) != 0) return false;
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return false;
    sockaddr_storage address{};
    size = sizeof address;
    return ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0 && address.ss_family == AF_UNIX;
}

int unread_bytes(int descriptor) noexcept {
    int count = 0;
    return ::ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

struct Candidate {
    int descriptor = -1;
    int unread = 0;
};

// The only candidate with one more unread byte than before; -1 if there is no such candidate.
int one_that_received(std::span<const Candidate> candidates) noexcept {
    for (const auto& candidate : candidates)
        if (unread_bytes(candidate.descriptor) == candidate.unread + 1) return candidate.descriptor;
    return -1;
}

void close_on_exec(int descriptor) noexcept { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

// Identifies the pair by the data that arrives in them, so that the program's own descriptors stay untouched.
void mark_wakeup_pair(CURLM* multi, int from) noexcept {
    std::array<Candidate, window> all;
    std::size_t count = 0;
    for (int descriptor = from; descriptor < from + window; ++descriptor)
        if (is_inherited_stream(descriptor)) all[count++] = {descriptor, unread_bytes(descriptor)};
    const std::span candidates(all.data(), count);
    if (candidates.empty()) return;  // this curl sets the flag itself
    if (curl_multi_wakeup(multi) != CURLM_OK) return;
    const int reader = one_that_received(candidates);
    int ready = 0;
    curl_multi_poll(multi, nullptr, 0, 0, &ready);  // consumes the wake-up byte
    if (reader < 0 || unread_bytes(reader) != 0) return;
    close_on_exec(reader);
    if (::send(reader, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) != 1) return;
    const int writer = one_that_received(candidates);
    if (writer < 0) return;
    char byte = 0;
    static_cast<void>(::recv(writer, &byte, 1, MSG_DONTWAIT));
    close_on_exec(writer);
}

}  // namespace

CURLM* make_multi() noexcept {
    const int from = lowest_free_descriptor();
    CURLM* const multi = curl_multi_init();
    if (multi && from >= 0) mark_wakeup_pair(multi, from);
    return multi;
}

curl_socket_t open_curl_socket(void*, curlsocktype, curl_sockaddr* address) noexcept {
    return make_socket(address->family, address->socktype, address->protocol);
}

}  // namespace intent::net
