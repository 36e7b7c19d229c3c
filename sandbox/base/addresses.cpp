#include "sandbox/base/addresses.hpp"

#include <chrono>
#include <cstdio>

namespace intent::sandbox {

Addresses make_addresses(const std::string& host, std::uint16_t port, bool secure) {
    // Clients cannot connect to a wildcard address: use the loopback address instead.
    std::string name = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host;
    if (name.find(':') != std::string::npos) name = "[" + name + "]";
    const std::string place = name + ":" + std::to_string(port);
    const std::string s = secure ? "s" : "";
    return {.gateway = "ws" + s + "://" + place + "/gateway",
            .rest = "http" + s + "://" + place + "/api/v1",
            .web = "http" + s + "://" + place + "/"};
}

std::string http_date(Timestamp time) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday(day).c_encoding() % 7], static_cast<unsigned>(date.day()),
                  months[(static_cast<unsigned>(date.month()) - 1) % 12], static_cast<int>(date.year()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

}  // namespace intent::sandbox
