#include "tests/unit/codec/foreign.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <random>

namespace intent::test {
namespace {

using nlohmann::json;

/// Draws from the engine directly: the standard distributions differ between libraries.
class Source {
public:
    explicit Source(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    std::uint64_t bits() { return engine_() >> below(64); }

    std::string text() {
        static const std::vector<std::string> pieces = {
            "a",    "Z",    "0", " ", "\"", "\\",           "/",           "\n", std::string(1, '\0'),
            "\x1f", "\x7f", "ä", "€", "👋",  "\xef\xbf\xbd", "longer text "};
        std::string out;
        const auto count = below(8) == 0 ? below(300) : below(12);
        for (std::uint64_t i = 0; i < count; ++i) {
            out += pieces[below(pieces.size())];
        }
        return out;
    }

    json value(unsigned depth) {
        switch (below(depth == 0 ? 7 : 10)) {
            case 0:
                return nullptr;
            case 1:
                return below(2) == 0;
            case 2:
                return bits();
            case 3:
                return -static_cast<std::int64_t>(bits() >> 1);
            case 4:
                return number();
            case 5:
            case 6:
                return text();
            case 7: {
                json list = json::array();
                for (auto left = below(8); left > 0; --left) {
                    list.push_back(value(depth - 1));
                }
                return list;
            }
            default: {
                json map = json::object();
                for (auto left = below(8); left > 0; --left) {
                    map[text()] = value(depth - 1);
                }
                return map;
            }
        }
    }

private:
    double number() {
        const double magnitude = std::ldexp(static_cast<double>(bits()), static_cast<int>(below(200)) - 100);
        return below(2) == 0 ? magnitude : -magnitude;
    }

    std::mt19937_64 engine_;
};

}  // namespace

codec::Bytes foreign_msgpack(std::string_view text) { return json::to_msgpack(json::parse(text)); }

std::string foreign_json(codec::ByteView bytes) { return json::from_msgpack(bytes.begin(), bytes.end()).dump(); }

bool same_json(std::string_view a, std::string_view b) { return json::parse(a) == json::parse(b); }

std::string random_json(std::uint64_t seed) { return Source{seed}.value(4).dump(); }

}  // namespace intent::test
