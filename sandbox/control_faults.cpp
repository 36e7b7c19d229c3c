// Orders about faults.
#include "sandbox/control.hpp"
#include "sandbox/fault_json.hpp"
#include "sandbox/host.hpp"
#include "sandbox/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace intent::sandbox {

namespace json = boost::json;

json::array Control::faults_json() {
    json::array list;
    for (const auto& view : host_.faults.list(host_.clock.now()))
        list.push_back(fault_json(view));
    return list;
}

ApiReply Control::list_faults(const Order&) {
    return {.status = 200, .body = json::serialize(json::object{{"faults", faults_json()}})};
}

ApiReply Control::add_fault(const Order& order) {
    OrderFields fields(order.request.body);
    SandboxFault fault = read_fault(fields);
    return {.status = 201, .body = json::serialize(fault_json(host_.add_fault(std::move(fault))))};
}

ApiReply Control::remove_faults(const Order&) {
    host_.faults.clear();
    return {.status = 204};
}

ApiReply Control::remove_fault(const Order& order) {
    const std::string& text = order.arguments.at(0);
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || !host_.faults.remove(id))
        throw not_found("fault " + text.substr(0, 40));
    return {.status = 204};
}

}  // namespace intent::sandbox
