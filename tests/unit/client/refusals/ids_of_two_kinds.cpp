// Refused: UserTag
#include <intent/client.hpp>

void use(intent::RestClient& rest, intent::UserId user) { static_cast<void>(rest.get_channel(user)); }
