#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Channel);
INTENT_CODEC_INSTANTIATE(intent::raw::ChannelDelete);
