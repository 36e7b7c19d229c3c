// Arguments of commands that are times of day and time zones.
#include "toolkit/core/daily.hpp"
#include "toolkit/core/time_zone.hpp"
#include "toolkit/core/zone_names.hpp"

#include <intent/commands/errors.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/schedule.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace intent::inline v0::detail {

bool read_time_of_day(const ParameterType&, std::string_view text, CommandValue& value) {
    const auto time = toolkit::parse_time_of_day(text);
    if (!time) return false;
    value.object = std::make_shared<TimeOfDay>(*time);
    return true;
}
std::string expects_time_of_day(const ParameterType&) { return "a time of day from 00:00 to 23:59"; }

bool read_time_zone(const ParameterType&, std::string_view text, CommandValue& value) {
    const auto names = toolkit::time_zone_names();
    if (const auto name = toolkit::same_zone(text, names)) {
        if (!toolkit::find_time_zone(*name).zone) return false;  // its file is damaged
        value.object = std::make_shared<TimeZone>(*name);
        return true;
    }
    if (names.size() == 1) throw BadArgument("only UTC is known here: the system has no time zone database");
    const auto similar = toolkit::similar_zone(text, names);
    if (similar) throw BadArgument("there is no time zone of this name. Did you mean " + *similar + "?");
    return false;
}
std::string expects_time_zone(const ParameterType&) { return "a time zone such as Europe/Berlin, or UTC"; }

}  // namespace intent::detail
