// The page at `/` (web/): files embedded in the library, and how they are served.
#pragma once

#include "net/server.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace intent::inline v0::sandbox {

/// A file of the page. CMake generates the table from web/dist (cmake/EmbedPage.cmake).
struct PageFile {
    std::string_view path;  ///< "/app.js"
    std::string_view type;
    std::string_view digest;  ///< of `content`
    std::string_view content;
};

std::span<const PageFile> page_files();

/// The response to a request for a file of the page; unset for other paths. 304 if the client has the
/// current version. The content security policy allows only scripts, styles and requests of this origin.
std::optional<net::ServerResponse> page_response(const net::ServerRequest& request);

}  // namespace intent::sandbox
