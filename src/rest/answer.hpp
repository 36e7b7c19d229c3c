// What an answer that reports an error says (protocol §11).
#pragma once

#include "text/redactor.hpp"

#include <intent/errors.hpp>

#include <string_view>

namespace intent::rest {

/// Reads the error out of a body of any shape that is seen: `{"error", "code"}`, `{"code", "message"}`, a bare string,
/// HTML, or nothing. `method`, `route` and `bucket` stay empty; the texts are as `text::peer_text` makes them, without
/// the `secrets`, and an HTML page is never shown.
HttpErrorInfo read_error(int status, std::string_view body, const text::Redactor& secrets);

/// Which error a status becomes: the table of protocol §11.
enum class ErrorKind { unauthorized, forbidden, not_found, rate_limited, server, other };
ErrorKind error_kind(int status) noexcept;

/// True for the statuses that report success.
constexpr bool is_success(int status) noexcept { return status >= 200 && status < 300; }

}  // namespace intent::rest
