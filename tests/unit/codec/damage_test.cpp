// Every good message, cut at each byte and with each byte made wrong.
#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::damage_test {
namespace {

template <class Check>
void for_each_sample(Check check) {
    std::apply([&](const auto&... sample) { (check(sample), ...); }, test::samples());
}

TEST(Damage, case_115_every_prefix_of_a_good_message_fails) {
    for_each_sample([]<class T>(const T& sample) {
        const Bytes whole = to_msgpack(sample);
        const Bytes frame = write_frame(Opcode::dispatch, whole, "X", 7);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            // A copy of its own, so that a sanitizer sees a byte read beyond it.
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            EXPECT_FALSE(from_msgpack<T>(cut)) << length;
            EXPECT_FALSE(from_msgpack_wrapped<T>(cut, "id")) << length;
            EXPECT_FALSE(msgpack_to_json(cut)) << length;
        }
        for (std::size_t length = 0; length < frame.size(); ++length) {
            EXPECT_FALSE(peek_frame(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length))))
                << length;
        }
    });
}

TEST(Damage, every_prefix_of_good_json_fails) {
    for_each_sample([]<class T>(const T& sample) {
        const std::string whole = to_json(sample);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            EXPECT_FALSE(from_json<T>(std::string_view(whole).substr(0, length))) << length;
        }
    });
}

TEST(Damage, case_115_one_wrong_byte_gives_a_value_or_a_failure_and_nothing_else) {
    std::size_t failures = 0;
    for_each_sample([&]<class T>(const T& sample) {
        const Bytes whole = to_msgpack(sample);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            for (const int wrong : {0x00, 0x81, 0x9f, 0xa1, 0xc0, 0xc1, 0xc9, 0xdb, 0xff, whole[i] ^ 1}) {
                Bytes bytes = whole;
                bytes[i] = static_cast<std::uint8_t>(wrong);
                const auto value = from_msgpack<T>(bytes);
                if (value) {
                    // What was read can be written, and reads back as itself.
                    EXPECT_EQ(*from_msgpack<T>(to_msgpack(*value)), *value);
                    EXPECT_TRUE(msgpack_to_json(bytes));
                } else {
                    EXPECT_FALSE(value.failure().reason.empty());
                    ++failures;
                }
                // Both walks must agree on what is well-formed.
                const auto frame = write_frame(Opcode::dispatch, bytes);
                EXPECT_EQ(static_cast<bool>(peek_frame(frame)), static_cast<bool>(msgpack_to_json(frame)));
            }
        }
    });
    EXPECT_GT(failures, 1000u);
}

TEST(Damage, one_wrong_byte_of_json_gives_a_value_or_a_failure) {
    for_each_sample([]<class T>(const T& sample) {
        const std::string whole = to_json(sample);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            for (const char wrong : {'\0', '"', '\\', '{', ']', '9', '\xff'}) {
                std::string text = whole;
                text[i] = wrong;
                const auto value = from_json<T>(text);
                EXPECT_TRUE(value || !value.failure().reason.empty());
            }
        }
    });
}

}  // namespace
}  // namespace intent::codec::damage_test
