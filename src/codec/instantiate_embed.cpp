#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::Embed);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedFooter);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedImage);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedAuthor);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedField);
