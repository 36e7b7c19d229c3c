// Deliveries of any form: forged ones are never accepted, genuine ones once, and changed ones never.
#include "fuzz/support.hpp"
#include "net/virtual_clock.hpp"

#include <intent/webhook_verifier.hpp>

#include <fuzzer/FuzzedDataProvider.h>
#include <openssl/hmac.h>

#include <array>

namespace intent::fuzz {
namespace {

constexpr std::string_view secret = "whsec_fuzz";
constexpr long wall = 1'700'000'000;

/// A TestClock would need the client's threads.
class StoppedClock : public Clock {
public:
    StoppedClock() : Clock(std::make_shared<net::VirtualClock>(Timestamp(std::chrono::seconds(wall)))) {}
};

std::string sign(const std::string& signed_text) {
    std::array<unsigned char, 32> digest{};
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), digest.data(), nullptr);
    return "sha256=" + test::to_hex(digest);
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent;
    FuzzedDataProvider input(data, size);
    WebhookVerifierOptions options;
    options.clock = fuzz::StoppedClock();
    options.max_deliveries = 4;
    WebhookVerifier verifier(Secret(std::string(fuzz::secret)), options);
    const auto accepted = [](DeliveryVerdict verdict) {
        return verdict == DeliveryVerdict::ok || verdict == DeliveryVerdict::duplicate;
    };
    while (input.remaining_bytes() > 0) {
        const auto signature = input.ConsumeRandomLengthString(80), id = input.ConsumeRandomLengthString(40);
        const auto timestamp = input.ConsumeBool()
                                   ? input.ConsumeRandomLengthString(24)
                                   : std::to_string(fuzz::wall + input.ConsumeIntegralInRange(-400, 400));
        auto body = input.ConsumeRandomLengthString(64);
        const auto own = fuzz::sign(timestamp + "." + body);
        if (signature != own)
            fuzz::require(!accepted(verifier.verify(signature, timestamp, id, body)), "a forged delivery is accepted");
        const auto first = verifier.verify(own, timestamp, id, body);
        if (accepted(first))
            fuzz::require(verifier.verify(own, timestamp, id, body) == DeliveryVerdict::duplicate, "accepted twice");
        fuzz::require(verifier.remembered() <= 4, "too many are remembered");
        body += 'x';
        fuzz::require(!accepted(verifier.verify(own, timestamp, id, body)), "a changed body is accepted");
        verifier.verify({{input.ConsumeRandomLengthString(24), own}, {"X-Intent-Timestamp", timestamp}}, body);
        if (input.ConsumeBool()) verifier.forget(id);
    }
    return 0;
}
