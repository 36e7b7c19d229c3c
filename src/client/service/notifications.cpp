#include "client/service/notifications.hpp"

#include <utility>

namespace intent::client {

namespace {

/// An attempt's own time, in addition to its delay.
constexpr auto attempt_time = std::chrono::seconds(60);

constexpr const char* started = "READY=1\n";

}  // namespace

std::string Notifications::status(std::string text) {
    if (stopping_) return {};
    status_ = "STATUS=" + std::move(text);
    return status_;
}

std::string Notifications::on_start() { return status("connecting"); }

std::string Notifications::on_connected() {
    std::string text = status("connected");
    if (text.empty() || std::exchange(started_, true)) return text;
    return started + text;
}

std::string Notifications::on_disconnected() { return status("disconnected"); }

std::string Notifications::on_reconnecting(unsigned attempt, std::chrono::milliseconds delay) {
    const auto whole = std::chrono::ceil<std::chrono::seconds>(delay);
    std::string text =
        status("reconnecting in " + std::to_string(whole.count()) + " s, attempt " + std::to_string(attempt));
    if (text.empty() || started_) return text;
    return text + "\nEXTEND_TIMEOUT_USEC=" + std::to_string(std::chrono::microseconds(whole + attempt_time).count());
}

std::string Notifications::on_reload(std::chrono::microseconds now) {
    if (stopping_ || !started_) return {};
    ++reloads_;
    return "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()) + "\nSTATUS=reloading";
}

std::string Notifications::on_reload_end() {
    if (--reloads_ > 0 || stopping_) return {};
    return started + status_;
}

std::string Notifications::on_progress() const { return stopping_ ? std::string() : "WATCHDOG=1"; }

std::string Notifications::on_stopping() {
    std::string text = status("stopping");
    if (text.empty()) return text;
    stopping_ = true;
    return "STOPPING=1\n" + text;
}

}  // namespace intent::client
