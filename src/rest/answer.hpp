// Reads the error from an unsuccessful answer (protocol §11).
#pragma once

#include "text/redactor.hpp"

#include <intent/errors.hpp>

#include <string_view>

namespace intent::rest {

/// Reads the error from a body of any shape that occurs: `{"error", "code"}`, `{"code", "message"}`, a bare string,
/// HTML, or nothing. Leaves `method`, `route` and `bucket` empty. Texts are cleaned by `text::peer_text`, with the
/// `secrets` redacted; an HTML page is never shown.
HttpErrorInfo read_error(int status, std::string_view body, const text::Redactor& secrets);

/// The kind of error for a status: the table of protocol §11.
enum class ErrorKind { unauthorized, forbidden, not_found, rate_limited, server, other };
ErrorKind error_kind(int status) noexcept;

/// True for statuses that report success.
constexpr bool is_success(int status) noexcept { return status >= 200 && status < 300; }

}  // namespace intent::rest
