#include "tools/intent/process/private_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace tool {

PrivateFolder::PrivateFolder() {
    const char* const variable = std::getenv("TMPDIR");
    const std::string parent = variable && *variable ? variable : "/tmp";
    // The bot may have another working directory.
    path_ = std::filesystem::absolute(parent).string() + "/intent-run-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "cannot create a folder in " + parent);
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace tool
