#include "toolkit/commands/clock.hpp"

#include "net/clock.hpp"

namespace intent::toolkit {

Time now() { return net::now(); }

}  // namespace intent::toolkit
