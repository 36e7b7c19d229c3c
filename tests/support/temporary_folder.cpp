#include "tests/support/temporary_folder.hpp"

#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace intent::test {

namespace {

/// In memory where the system allows it: a busy disk can take longer to store a session file than a client that stops
/// waits for it.
std::filesystem::path base_folder() {
    constexpr const char* memory = "/dev/shm";
    constexpr std::uintmax_t enough = 256 << 20;
    struct statvfs system {};
    const bool usable = std::getenv("TMPDIR") == nullptr && access(memory, W_OK) == 0 &&
                        statvfs(memory, &system) == 0 && (system.f_flag & ST_NOEXEC) == 0 &&
                        std::uintmax_t{system.f_bavail} * system.f_frsize >= enough;
    return usable ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (base_folder() / "intent-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view content) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
}

std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

void write_content(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

}  // namespace intent::test
