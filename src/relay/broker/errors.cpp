#include "relay/broker/errors.hpp"

#include <algorithm>
#include <array>

namespace intent::relay::broker {

Verdict verdict(int status, int code) noexcept {
    constexpr std::array missing{10014, 10037, 10059};  // consumer, message, stream
    constexpr std::array conflict{10070, 10071};        // wrong last message id, wrong last sequence
    constexpr std::array exhausted{10002, 10023, store_is_full,
                                   10077};  // resources of the account, of the broker, of the stream
    if (std::ranges::find(missing, code) != missing.end()) return Verdict::missing;
    if (std::ranges::find(conflict, code) != conflict.end()) return Verdict::conflict;
    if (std::ranges::find(exhausted, code) != exhausted.end()) return Verdict::transient;
    if (status >= 500) return Verdict::transient;
    return status == 404 ? Verdict::missing : Verdict::final;
}

}  // namespace intent::relay::broker
