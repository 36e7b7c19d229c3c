#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Member);
INTENT_CODEC_INSTANTIATE(intent::raw::Role);
