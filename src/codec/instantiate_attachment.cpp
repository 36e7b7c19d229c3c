#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Attachment);
INTENT_CODEC_INSTANTIATE(intent::raw::MessageDelete);
