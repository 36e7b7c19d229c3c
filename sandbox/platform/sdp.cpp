#include "sandbox/platform/sdp.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

/// `m=audio 9 UDP/TLS/RTP/SAVPF 111` with port 0.
std::string declined(std::string_view media) {
    const auto port = std::min(media.find(' '), media.size());
    const auto rest = std::min(media.find(' ', std::min(port + 1, media.size())), media.size());
    return std::string(media.substr(0, port)) + " 0" + std::string(media.substr(rest)) + "\r\n";
}

}  // namespace

std::string declining_answer(std::string_view offer) {
    std::string answer =
        "v=0\r\n"
        "o=- 1 1 IN IP4 127.0.0.1\r\n"
        "s=-\r\n"
        "t=0 0\r\n";
    while (!offer.empty()) {
        const auto end = std::min(offer.find('\n'), offer.size());
        auto line = offer.substr(0, end);
        offer.remove_prefix(std::min(end + 1, offer.size()));
        while (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        if (line.starts_with("m=")) answer += declined(line) + "c=IN IP4 0.0.0.0\r\na=inactive\r\n";
        if (line.starts_with("a=mid:")) answer += std::string(line) + "\r\n";
    }
    return answer;
}

}  // namespace intent::sandbox
