#include "net/file.hpp"

#include "net/impl/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace intent::net {
namespace {

/// An open file, closed with this object.
class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    bool open() const noexcept { return number_ >= 0; }
    int number() const noexcept { return number_; }

private:
    int number_;
};

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string rename_file(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_problem("cannot be replaced");
    const Descriptor folder(::open(folder_of(to).c_str(), O_RDONLY | O_CLOEXEC));
    if (folder.open()) ::fsync(folder.number());  // makes the new name survive a power cut
    return {};
}

}  // namespace

FileRead read_file(const std::string& path, std::size_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.open()) {
        if (errno == ENOENT) return {};
        return {{}, system_problem("cannot be opened")};
    }
    struct stat about {};
    if (::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode)) return {{}, "is not a regular file"};
    std::string content;
    char buffer[4096];
    for (;;) {
        const auto count = ::read(file.number(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return {{}, system_problem("cannot be read")};
        if (count == 0) return {std::move(content), {}, (about.st_mode & S_IRWXO) != 0};
        content.append(buffer, static_cast<std::size_t>(count));
        if (content.size() > max_bytes) return {{}, "is larger than " + std::to_string(max_bytes) + " bytes"};
    }
}

std::string replace_file(const std::string& path, std::string_view content) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());  // left by a crash, or not ours: O_EXCL follows no link
    {
        const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (!file.open()) return system_problem("cannot be made");
        if (!write_all(file.number(), content)) return system_problem("cannot be written");
        if (::fsync(file.number()) != 0) return system_problem("cannot be flushed");
    }
    return rename_file(fresh, path);
}

std::string move_file(const std::string& from, const std::string& to) {
    {
        const Descriptor file(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!file.open() || ::fsync(file.number()) != 0) return system_problem("cannot be flushed");
    }
    return rename_file(from, to);
}

}  // namespace intent::net
