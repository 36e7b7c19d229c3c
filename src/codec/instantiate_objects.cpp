// Readers and writers of raw types, compiled once: the parts of servers, channels and messages.
#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::User);
INTENT_CODEC_INSTANTIATE(intent::raw::Member);
INTENT_CODEC_INSTANTIATE(intent::raw::Role);
INTENT_CODEC_INSTANTIATE(intent::raw::Server);
INTENT_CODEC_INSTANTIATE(intent::raw::ServerDelete);
INTENT_CODEC_INSTANTIATE(intent::raw::Channel);
INTENT_CODEC_INSTANTIATE(intent::raw::ChannelDelete);
INTENT_CODEC_INSTANTIATE(intent::raw::Message);
INTENT_CODEC_INSTANTIATE(intent::raw::Attachment);
INTENT_CODEC_INSTANTIATE(intent::raw::MessageDelete);
INTENT_CODEC_INSTANTIATE(intent::raw::Embed);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedFooter);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedImage);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedAuthor);
INTENT_CODEC_INSTANTIATE(intent::raw::EmbedField);
