#include "sandbox/base/json_body.hpp"

#include "sandbox/base/problem.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace intent::sandbox {

boost::json::object read_object(std::string_view body) {
    if (body.empty()) return {};
    boost::system::error_code error;
    boost::json::parse_options options;
    options.max_depth = 64;
    boost::json::value value = boost::json::parse({body.data(), body.size()}, error, {}, options);
    if (error || !value.is_object()) throw Problem(400, "INVALID_BODY", "body: expected a JSON object");
    return std::move(value.as_object());
}

}  // namespace intent::sandbox
