// Keeps curl's descriptors from programs that this process starts.
#pragma once

#include <curl/curl.h>

namespace intent::net {

/// `curl_multi_init`, with close-on-exec wake-up sockets; null if memory runs out. curl 7 creates them without the
/// flag and offers no way to request it or to learn their numbers.
CURLM* make_multi() noexcept;

/// For CURLOPT_OPENSOCKETFUNCTION.
curl_socket_t open_curl_socket(void*, curlsocktype, curl_sockaddr* address) noexcept;

}  // namespace intent::net
