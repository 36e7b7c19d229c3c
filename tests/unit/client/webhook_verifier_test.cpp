// Deliveries to a bot's own endpoint: which are taken, and which not (protocol §12).
#include <intent/errors.hpp>
#include <intent/webhook_verifier.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace intent::webhook_verifier_test {
namespace {

using namespace std::chrono_literals;
using enum DeliveryVerdict;

// Made by Python's hmac module with the key "whsec_test".
constexpr std::string_view body = R"({"event":"MESSAGE_CREATE"})";
constexpr std::string_view time_text = "1700000000";
constexpr Timestamp signed_at{1'700'000'000s};
const std::string good = "sha256=00932a2cfa7bc2fbe773f8aa52ca87d280e8bf959c90407a7114f52a0d8a7646";
const std::string of_wild_body =
    "sha256=920868e7a211d0cab73e2053790f3c2f2d16d707c487df1f23b7cbebe1706a22";  // of "a\0b\xff\r\n"

class Verifier : public testing::Test {
protected:
    DeliveryVerdict verify(std::string_view signature, std::string_view time = time_text, std::string_view id = "d-1",
                           std::string_view what = body) {
        return verifier.verify(signature, time, id, what);
    }

    TestClock clock{signed_at};
    WebhookVerifier verifier{"whsec_test", {.clock = clock, .max_deliveries = 100}};
};

TEST_F(Verifier, a_signed_fresh_new_delivery_is_taken) { EXPECT_EQ(verify(good), ok); }

TEST_F(Verifier, case_143_a_signature_has_one_form) {
    std::string upper = good;
    for (char& c : upper)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 32);
    std::string upper_digits = "sha256=" + upper.substr(7);
    for (const auto& signature :
         {std::string(), std::string("sha256="), std::string("sha256=ab"), upper_digits, good.substr(7),
          good.substr(0, good.size() - 1), good + "0", "sha512=" + good.substr(7), "SHA256=" + good.substr(7),
          " " + good, good + " ", good.substr(0, good.size() - 1) + "g", good + "," + good}) {
        EXPECT_EQ(verify(signature), malformed) << signature;
    }
    EXPECT_EQ(verifier.remembered(), 0u);
}

TEST_F(Verifier, case_143_every_other_signature_is_refused) {
    for (std::size_t at = 7; at < good.size(); ++at) {
        std::string other = good;
        other[at] = other[at] == '0' ? '1' : '0';
        EXPECT_EQ(verify(other), bad_signature) << at;
    }
    EXPECT_EQ(WebhookVerifier("another", {.clock = TestClock(signed_at)}).verify(good, time_text, "d-1", body),
              bad_signature);
    EXPECT_EQ(verify(good, "1700000001"), bad_signature);
    EXPECT_EQ(verifier.remembered(), 0u);
    EXPECT_EQ(verify(good), ok) << "what was refused is not remembered";
}

TEST_F(Verifier, case_145_the_body_counts_byte_by_byte) {
    EXPECT_EQ(verify(good, time_text, "d-1", R"({"event": "MESSAGE_CREATE"})"), bad_signature);
    EXPECT_EQ(verify(good, time_text, "d-1", ""), bad_signature);
    using namespace std::string_view_literals;
    EXPECT_EQ(verify(of_wild_body, time_text, "d-1", "a\0b\xff\r\n"sv), ok);
    EXPECT_EQ(verify(of_wild_body, time_text, "d-2", "a\0b\xff\n"sv), bad_signature);
    EXPECT_EQ(verify(of_wild_body, time_text, "d-3", "a"), bad_signature);
}

TEST_F(Verifier, case_144_a_time_is_decimal_digits) {
    for (const std::string text : {"", "abc", "1e3", "-1", "+1700000000", " 1700000000", "1700000000 ", "1700000000.5",
                                   "0x65", "99999999999999999999", "9223372036854775808"}) {
        EXPECT_EQ(verify(good, text), malformed) << text;
    }
    EXPECT_EQ(verify(good, "0"), stale);
    EXPECT_EQ(verify(good, "999999999999"), stale);
}

TEST_F(Verifier, case_144_a_time_may_be_300_seconds_off_and_no_more) {
    const auto verdict_at = [](std::chrono::milliseconds off) {
        WebhookVerifier at_that_time("whsec_test", {.clock = TestClock(signed_at + off)});
        return at_that_time.verify(good, time_text, "d-1", body);
    };
    for (const std::chrono::milliseconds off : {-300'000ms, -299'000ms, 299'000ms, 300'000ms, 300'900ms})
        EXPECT_EQ(verdict_at(off), ok) << off.count();
    for (const std::chrono::milliseconds off : {-301'000ms, 301'000ms, 3'600'000ms})
        EXPECT_EQ(verdict_at(off), stale) << off.count();
}

TEST_F(Verifier, case_146_an_id_seen_before_is_a_duplicate_until_it_is_forgotten) {
    EXPECT_EQ(verify(good), ok);
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(verify(good), duplicate);
    EXPECT_EQ(verify(good, time_text, "d-2"), ok);
    verifier.forget("d-1");
    EXPECT_EQ(verify(good), ok);
    EXPECT_EQ(verify(good), duplicate);
    EXPECT_EQ(verify(good, time_text, "d-2"), duplicate);
}

TEST_F(Verifier, case_146_an_id_is_remembered_for_24_hours) {
    // Sent again later, with a new signature.
    const std::string after_24_hours = "sha256=b1b4260884bfce22ab5dd646fec9236ed79516a91b65cf31b58b6759f7179361";
    const std::string a_second_later = "sha256=d0afd51693f62b45093783ad9e01f021d567c466cd93c8755365526d392c5666";
    EXPECT_EQ(verify(good), ok);
    clock.advance(24h);
    EXPECT_EQ(verify(after_24_hours, "1700086400"), duplicate);
    clock.advance(1s);
    EXPECT_EQ(verify(a_second_later, "1700086401"), ok);
    EXPECT_EQ(verifier.remembered(), 1u);
}

TEST_F(Verifier, case_146_of_too_many_ids_the_oldest_go) {
    for (int i = 0; i < 250; ++i)
        ASSERT_EQ(verify(good, time_text, "n-" + std::to_string(i)), ok);
    EXPECT_EQ(verifier.remembered(), 100u);
    EXPECT_EQ(verify(good, time_text, "n-249"), duplicate);
    EXPECT_EQ(verify(good, time_text, "n-150"), duplicate);
    EXPECT_EQ(verify(good, time_text, "n-149"), ok);
}

TEST_F(Verifier, an_id_is_visible_text_of_at_most_256_bytes) {
    for (const auto& id : {std::string(), std::string("a b"), std::string("a\n"), std::string(257, 'x')})
        EXPECT_EQ(verify(good, time_text, id), malformed);
    EXPECT_EQ(verify(good, time_text, std::string(256, 'x')), ok);
}

TEST_F(Verifier, case_143_headers_are_found_in_any_case_and_must_be_there_once) {
    const WebhookVerifier::Headers headers = {{"Content-Type", "application/json"},
                                              {"X-INTENT-SIGNATURE", good},
                                              {"x-intent-timestamp", std::string(time_text)},
                                              {"X-Intent-Delivery-Id", "d-9"}};
    for (std::size_t left_out = 1; left_out < headers.size(); ++left_out) {
        auto fewer = headers;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
        EXPECT_EQ(verifier.verify(fewer, body), malformed);
        auto more = headers;
        more.push_back(headers[left_out]);
        EXPECT_EQ(verifier.verify(more, body), malformed);
    }
    EXPECT_EQ(verifier.verify(headers, body), ok);
}

TEST_F(Verifier, case_146_of_many_threads_with_one_delivery_one_takes_it) {
    std::vector<DeliveryVerdict> verdicts(8, malformed);
    std::vector<std::thread> threads;
    for (auto& verdict : verdicts)
        threads.emplace_back([&] { verdict = verify(good); });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), ok), 1);
    EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), duplicate), 7);
}

TEST(VerifierOptions, no_secret_and_no_room_are_refused) {
    EXPECT_THROW(WebhookVerifier(""), ConfigError);
    EXPECT_THROW(WebhookVerifier("s", {.clock = {}, .max_deliveries = 0}), ConfigError);
    EXPECT_STREQ(name_of(bad_signature), "bad_signature");
}

}  // namespace
}  // namespace intent::webhook_verifier_test
