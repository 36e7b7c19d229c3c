// The destructors of the interfaces that users implement.
#include <intent/metrics.hpp>
#include <intent/session_store.hpp>

namespace intent::inline v0 {

MetricsSource::~MetricsSource() = default;
SessionStore::~SessionStore() = default;

}  // namespace intent
