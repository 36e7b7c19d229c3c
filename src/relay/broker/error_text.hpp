// Errors as text.
#pragma once

#include <exception>
#include <string>

namespace intent::relay {

/// The text of an exception.
inline std::string error_text(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an unknown error";
    }
}

}  // namespace intent::relay
