// Dispatches become typed events (protocol §7).
#pragma once

#include "client/client_core.hpp"
#include "codec/frame.hpp"

namespace intent::client {

/// Decodes a dispatch, if anybody is interested in it, lets the caches see it, and queues its event. Dispatches of
/// unknown names are left to RawEvent.
///
/// Threads: the I/O thread.
void dispatch(detail::ClientCore& core, const codec::Frame& frame);

/// A voice signal (op 12, protocol §13): `data` is its `d`.
void dispatch_voice_signal(detail::ClientCore& core, codec::ByteView data);

/// A new session's servers: rebuilds the caches and tells what vanished while there was none.
void resync(detail::ClientCore& core, const raw::Ready& ready, const detail::Origin& origin);

}  // namespace intent::client
