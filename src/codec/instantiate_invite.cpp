#include "codec/describe.hpp"
#include "codec/fields_rest.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Invite);
INTENT_CODEC_INSTANTIATE(intent::raw::AcceptedInvite);
