#include "codec/describe.hpp"

INTENT_CODEC_INSTANTIATE(intent::raw::MlsWelcome);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsCommit);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsProposal);
INTENT_CODEC_INSTANTIATE(intent::raw::MlsKeyPackagesLow);
INTENT_CODEC_INSTANTIATE(intent::raw::DeviceAdded);
INTENT_CODEC_INSTANTIATE(intent::raw::DeviceRemoved);
