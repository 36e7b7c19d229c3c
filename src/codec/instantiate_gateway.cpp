// Readers and writers of raw types, compiled once: those that the gateway carries.
#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Ready);
INTENT_CODEC_INSTANTIATE(intent::raw::Identify);
INTENT_CODEC_INSTANTIATE(intent::raw::IdentifyProperties);
INTENT_CODEC_INSTANTIATE(intent::raw::Resume);
INTENT_CODEC_INSTANTIATE(intent::raw::MemberAdd);
INTENT_CODEC_INSTANTIATE(intent::raw::MemberRemove);
INTENT_CODEC_INSTANTIATE(intent::raw::MemberRequest);
INTENT_CODEC_INSTANTIATE(intent::raw::MembersChunk);
INTENT_CODEC_INSTANTIATE(intent::raw::TypingStart);
INTENT_CODEC_INSTANTIATE(intent::raw::PresenceUpdate);
INTENT_CODEC_INSTANTIATE(intent::raw::PresenceRequest);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceState);
INTENT_CODEC_INSTANTIATE(intent::raw::IceServer);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceServerUpdate);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceStateRequest);
INTENT_CODEC_INSTANTIATE(intent::raw::VoiceSignal);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsWelcome);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsCommit);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsProposal);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsKeyPackagesLow);
INTENT_CODEC_INSTANTIATE(intent::raw::DeviceAdded);
INTENT_CODEC_INSTANTIATE(intent::raw::DeviceRemoved);
