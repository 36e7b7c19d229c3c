#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::MemberAdd);
INTENT_CODEC_INSTANTIATE(intent::raw::MemberRemove);
INTENT_CODEC_INSTANTIATE(intent::raw::MemberRequest);
INTENT_CODEC_INSTANTIATE(intent::raw::MembersChunk);
INTENT_CODEC_INSTANTIATE(intent::raw::TypingStart);
INTENT_CODEC_INSTANTIATE(intent::raw::PresenceUpdate);
INTENT_CODEC_INSTANTIATE(intent::raw::PresenceRequest);
