#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Server);
INTENT_CODEC_INSTANTIATE(intent::raw::ServerDelete);
