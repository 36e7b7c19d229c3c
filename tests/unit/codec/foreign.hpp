// The other implementation that the codec is measured against: nlohmann::json. Kept in one file, for it is slow to
// compile.
#pragma once

#include "codec/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace intent::test {

/// JSON text as nlohmann writes it in MessagePack.
codec::Bytes foreign_msgpack(std::string_view json);

/// MessagePack as nlohmann reads and prints it.
std::string foreign_json(codec::ByteView bytes);

/// Whether two JSON texts say the same (numbers by value).
bool same_json(std::string_view a, std::string_view b);

/// A pseudo-random JSON document; the same for the same seed.
std::string random_json(std::uint64_t seed);

}  // namespace intent::test
