// The page at `/` (web/): files that the library carries, and how they are served.
#pragma once

#include "net/server.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace intent::sandbox {

/// A file of the page. CMake makes the table of web/dist (cmake/EmbedPage.cmake).
struct PageFile {
    std::string_view path;  ///< "/app.js"
    std::string_view type;
    std::string_view digest;  ///< of the contents
    std::string_view plain;
    std::string_view packed;  ///< the same, as gzip
};

std::span<const PageFile> page_files();

/// The answer to a request for a file of the page, or nothing for any other path. Compressed for those who take it; 304
/// for those who have it. It allows the browser scripts, styles and requests of this origin alone.
std::optional<net::ServerResponse> page_response(const net::ServerRequest& request);

}  // namespace intent::sandbox
