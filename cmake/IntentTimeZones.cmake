# The library of the time zones: the compiler's, from g++ 14 on, otherwise Howard Hinnant's `date`, which it is made of.
#
# Sets INTENT_TIME_ZONE_LIBRARY (empty: the compiler's) and creates intent_time_zones, the settings of the sources.
include(CheckCXXSourceCompiles)

block(SCOPE_FOR VARIABLES)
    set(CMAKE_REQUIRED_QUIET TRUE)
    check_cxx_source_compiles("
        #include <chrono>
        int main() {
            const std::chrono::time_zone* zone = std::chrono::locate_zone(\"UTC\");
            return static_cast<int>(zone->get_info(std::chrono::sys_seconds()).offset.count());
        }" INTENT_STD_TIME_ZONES)
endblock()

add_library(intent_time_zones INTERFACE)
set(INTENT_TIME_ZONE_LIBRARY)
if(INTENT_STD_TIME_ZONES)
    target_compile_definitions(intent_time_zones INTERFACE INTENT_STD_TIME_ZONES)
else()
    find_package(date 3 REQUIRED)
    set(INTENT_TIME_ZONE_LIBRARY date::date-tz)
    target_link_libraries(intent_time_zones INTERFACE date::date-tz)
endif()
