// Faults: add, list, remove, and the table of their kinds.
#include "sandbox/base/problem.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/faults/fault_json.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace intent::inline v0::sandbox {

namespace json = boost::json;

json::array Control::faults_json() {
    json::array list;
    for (const auto& view : parts_.faults.list(parts_.clock.now()))
        list.push_back(fault_json(view));
    return list;
}

ApiReply Control::list_faults(const Request&) { return json_reply({{"faults", faults_json()}}); }

ApiReply Control::list_fault_kinds(const Request&) { return json_reply(fault_kinds_json()); }

ApiReply Control::add_fault(const Request& request) {
    const Fields fields(request.http.body);
    Fault fault = read_fault(fields);
    return json_reply(fault_json(sandbox_.add_fault(std::move(fault))), 201);
}

ApiReply Control::remove_faults(const Request&) {
    parts_.faults.clear();
    return empty_reply();
}

ApiReply Control::remove_fault(const Request& request) {
    const std::string& text = request.arguments.at(0);
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || !parts_.faults.remove(id))
        throw not_found("fault " + text.substr(0, 40));
    return empty_reply();
}

}  // namespace intent::sandbox
