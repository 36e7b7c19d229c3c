#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::User);
