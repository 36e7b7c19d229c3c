// Readers and writers of raw types, compiled once: those that only the REST API carries.
#include "codec/describe.hpp"
#include "codec/fields_rest.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Invite);
INTENT_CODEC_INSTANTIATE(intent::raw::AcceptedInvite);
INTENT_CODEC_INSTANTIATE(intent::raw::Webhook);
INTENT_CODEC_INSTANTIATE(intent::raw::Login);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceRegion);
INTENT_CODEC_INSTANTIATE(intent::raw::TurnCredentials);
