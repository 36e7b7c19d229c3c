#include "text/trace.hpp"

#include "net/clock.hpp"
#include "text/random.hpp"

namespace intent::inline v0 {

namespace {

/// Both halves of an id have their own sequence, so that ids of many processes differ in 128 bits.
struct IdSource {
    text::Random high{net::random_seed()};
    text::Random low{net::random_seed()};
    text::Random span{net::random_seed()};
};

IdSource& ids_of_thread() {
    thread_local IdSource source;
    return source;
}

std::uint64_t not_zero(std::uint64_t number) noexcept { return number == 0 ? 1 : number; }

}  // namespace

std::string Trace::traceparent() const {
    return empty() ? std::string() : text::traceparent(*this, not_zero(ids_of_thread().span.next()));
}

Trace new_trace(bool sampled) {
    IdSource& ids = ids_of_thread();
    return {ids.high.next(), not_zero(ids.low.next()), sampled};
}

}  // namespace intent
