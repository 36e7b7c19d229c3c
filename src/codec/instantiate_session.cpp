#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Ready);
INTENT_CODEC_INSTANTIATE(intent::raw::Identify);
INTENT_CODEC_INSTANTIATE(intent::raw::IdentifyProperties);
INTENT_CODEC_INSTANTIATE(intent::raw::Resume);
