#include "toolkit/core/time_zone.hpp"

#include <exception>

// The library that std::chrono's time zones come from, for compilers without them: the same names in another namespace.
#ifdef INTENT_STD_TIME_ZONES
namespace zones = std::chrono;
#else
#include <date/tz.h>
namespace zones = date;
#endif

namespace intent::toolkit {

namespace {

const zones::time_zone& zone_of(const void* rules) { return *static_cast<const zones::time_zone*>(rules); }

bool has_database() {
    try {
        return zones::locate_zone("Europe/London") != nullptr;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

LocalSeconds TimeZone::local(std::chrono::sys_seconds time) const {
    const auto offset = rules_ ? zone_of(rules_).get_info(time).offset : std::chrono::seconds(0);
    return LocalSeconds(time.time_since_epoch() + offset);
}

std::chrono::sys_seconds TimeZone::moment(LocalSeconds time) const {
    const std::chrono::sys_seconds as_utc(time.time_since_epoch());
    if (!rules_) return as_utc;
    const auto info = zone_of(rules_).get_info(zones::local_seconds(time.time_since_epoch()));
    if (info.result == zones::local_info::nonexistent) return info.first.end;
    return as_utc - info.first.offset;
}

TimeZoneFound find_time_zone(std::string_view name) {
    if (name == "UTC") return {TimeZone()};
    std::string reason;
    try {
        const auto* const zone = zones::locate_zone(name);
        zone->get_info(std::chrono::sys_seconds());  // reads its rules
        return {TimeZone(zone)};
    } catch (const std::exception& error) {
        reason = error.what();
        while (reason.ends_with('\n'))
            reason.pop_back();
    }
    if (has_database())
        return {{}, "is not in the system's time zone database; use an IANA name such as Europe/Berlin, or UTC"};
    return {{},
            "the system's time zone database cannot be read; install the package tzdata, or use UTC (" + reason + ")"};
}

std::vector<std::string> time_zone_names() {
    std::vector<std::string> names{"UTC"};
    const auto add = [&names](const auto& database) {
        for (const auto& zone : database.zones)
            names.emplace_back(zone.name());
        if constexpr (requires { database.links; })
            for (const auto& link : database.links)
                names.emplace_back(link.name());
    };
    try {
        add(zones::get_tzdb());
    } catch (const std::exception&) {  // no database
    }
    return names;
}

}  // namespace intent::toolkit
