#include <intent/connection_state.hpp>

namespace intent::inline v0 {

std::string_view to_text(ConnectionState state) noexcept {
    switch (state) {
        case ConnectionState::stopped:
            return "stopped";
        case ConnectionState::connecting:
            return "connecting";
        case ConnectionState::identifying:
            return "identifying";
        case ConnectionState::resuming:
            return "resuming";
        case ConnectionState::ready:
            return "ready";
        case ConnectionState::backing_off:
            return "backing_off";
    }
    return {};
}

}  // namespace intent
