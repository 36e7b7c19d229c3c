#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::VoiceState);
INTENT_CODEC_INSTANTIATE(intent::raw::IceServer);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceServerUpdate);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceStateRequest);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceSignal);
