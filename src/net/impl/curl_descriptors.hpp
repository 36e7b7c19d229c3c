// curl's descriptors, kept from programs that this process starts.
#pragma once

#include <curl/curl.h>

namespace intent::net {

/// `curl_multi_init`, with its wake-up sockets close-on-exec; null when there is no memory. curl 7 makes them without,
/// and gives no way to ask for it or for their numbers.
CURLM* make_multi() noexcept;

/// For CURLOPT_OPENSOCKETFUNCTION.
curl_socket_t open_curl_socket(void*, curlsocktype, curl_sockaddr* address) noexcept;

}  // namespace intent::net
