// A gateway on a scripted peer, for tests that send invalid bytes at a chosen point.
#pragma once

#include "codec/frame.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/net_peer.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace intent::test {

/// A gateway frame as the bytes of one WebSocket frame; `json` is `d`.
std::string gateway_frame(codec::Opcode op, std::string_view json, std::optional<std::string_view> type = {},
                          std::optional<std::uint64_t> seq = {});

std::string ready_frame(int interval_ms);

std::string message_frame(std::uint64_t seq, std::string_view content);

/// The opcode of a client's frame; unset if it is not a gateway frame.
std::optional<codec::Opcode> opcode_of(const PeerFrame& got);

/// Accepts the upgrade and reads the Identify or Resume after it.
std::optional<codec::Opcode> take_opening(PeerConnection& connection);

/// Acknowledges heartbeats while `answers()`, until the connection ends or the client closes it.
void serve(PeerConnection& connection, const std::function<bool()>& answers);
void serve(PeerConnection& connection);

ClientOptions options_for(const std::string& gateway_url);

}  // namespace intent::test
