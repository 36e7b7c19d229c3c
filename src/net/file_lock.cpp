#include "net/file_lock.hpp"

#include "net/impl/text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace intent::net {
namespace {

/// The last holder may have removed the file between our open and our lock. Then the name belongs to another file, or
/// to none.
bool still_bears(const std::string& path, int descriptor) {
    struct stat ours {};
    struct stat there {};
    return ::fstat(descriptor, &ours) == 0 && ::lstat(path.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
           ours.st_ino == there.st_ino;
}

std::optional<long> number_in(int descriptor) {
    char text[32];
    const auto size = ::pread(descriptor, text, sizeof text, 0);
    long number = 0;
    if (size <= 0 || std::from_chars(text, text + size, number).ec != std::errc()) return std::nullopt;
    return number;
}

}  // namespace

FileKind kind_of_file(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return FileKind::missing;  // or inaccessible, which creating it will show
    return S_ISREG(about.st_mode) ? FileKind::regular : FileKind::other;
}

std::string make_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return errno == EEXIST ? std::string() : system_problem("cannot be made");
    ::close(file);
    return {};
}

std::string lock_of_file(const std::string& path) {
    std::error_code error;
    const auto whole = std::filesystem::weakly_canonical(path, error);
    return (error ? path : whole.string()) + ".lock";
}

std::string FileLock::Attempt::holder_text() const {
    return holder ? "process " + std::to_string(*holder) : "another process";
}

FileLock::Attempt FileLock::take(const std::string& path) {
    for (;;) {
        const int file =
            ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
        if (file < 0) return {.problem = system_problem("cannot be made")};
        while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
            if (errno == EINTR) continue;
            Attempt failed;
            failed.is_held = errno == EWOULDBLOCK;
            if (failed.is_held)
                failed.holder = number_in(file);
            else
                failed.problem = system_problem("cannot be locked");
            ::close(file);
            return failed;
        }
        if (!still_bears(path, file)) {
            ::close(file);
            continue;
        }
        const std::string number = std::to_string(::getpid()) + "\n";
        if (::ftruncate(file, 0) != 0 || ::pwrite(file, number.data(), number.size(), 0) < 0) {
            Attempt failed{.problem = system_problem("cannot be written")};
            ::close(file);
            return failed;
        }
        return {.lock = FileLock(path, file)};
    }
}

FileLock::~FileLock() {
    if (descriptor_ < 0) return;
    ::unlink(path_.c_str());  // while it is locked, so that no other process accepts it as valid
    ::close(descriptor_);
}

}  // namespace intent::net
