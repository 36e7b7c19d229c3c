#include "client/api/structure_call.hpp"

#include <intent/raw/bodies.hpp>

namespace intent::inline v0 {

RestClient detail::rest_of(const ClientRef& ref) { return RestClient(client::context_of(ref)); }

}  // namespace intent

namespace intent::client {

Context context_of(const ClientRef& ref) {
    auto context = ref.lock();
    if (!context) {
        throw UsageError(
            "the client that this object came from is gone (or the object was made by hand): keep the client alive "
            "while its structures are used");
    }
    return context;
}

void require_ciphertext(bool encrypted, const MessageBody& body) {
    if (!encrypted || body.get().mls_ciphertext) return;
    throw ConfigError(
        "content: the messages of this channel are encrypted end to end, and the server refuses plain text (protocol "
        "§16); encrypt it and send MessageBody::mls_ciphertext");
}

}  // namespace intent::client
