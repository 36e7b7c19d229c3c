#include "tools/intent/process/file_watch.hpp"

#include "tools/intent/process/glob.hpp"

#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif

#include <filesystem>
#include <set>

namespace tool {

FileWatch::FileWatch(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
#ifdef __linux__
    descriptor_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
#endif
    stamps_ = look();
}

FileWatch::~FileWatch() {
    if (descriptor_ >= 0) close(descriptor_);
}

void FileWatch::drain() {
    char buffer[4096];
    while (descriptor_ >= 0 && read(descriptor_, buffer, sizeof buffer) > 0) {
    }
}

void FileWatch::watch_folder([[maybe_unused]] const std::string& folder) {
#ifdef __linux__
    // Watch the folder: it reports too that a linker creates a new file or an editor renames one over the old. Watching
    // a folder twice has no effect.
    constexpr std::uint32_t events = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                     IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
    inotify_add_watch(descriptor_, folder.c_str(), events);
#endif
}

FileWatch::Stamps FileWatch::look() {
    Globbed found;
    for (const auto& pattern : patterns_)
        expand_glob(pattern, found);
    for (const auto& folder : std::set<std::string>(found.folders.begin(), found.folders.end()))
        watch_folder(folder);
    Stamps stamps;
    for (const auto& file : found.files) {
        struct stat status {};
        if (stat(file.c_str(), &status) != 0) continue;
        // The target of a symbolic link may be replaced in another folder.
        std::error_code error;
        const auto real = std::filesystem::canonical(file, error);
        if (!error) watch_folder(real.parent_path().string());
        stamps[file] = {static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec,
                        static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_ino),
                        static_cast<std::uint32_t>(status.st_mode)};
    }
    return stamps;
}

std::vector<std::string> FileWatch::changes() {
    Stamps now = look();
    std::vector<std::string> changed;
    for (const auto& [file, stamp] : now) {
        const auto before = stamps_.find(file);
        if (before == stamps_.end() || before->second != stamp) changed.push_back(file);
    }
    for (const auto& [file, stamp] : stamps_)
        if (!now.contains(file)) changed.push_back(file);
    stamps_ = std::move(now);
    return changed;
}

}  // namespace tool
