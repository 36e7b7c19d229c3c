// A temporary folder that other users cannot read.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// A new folder of mode 0700, in TMPDIR or /tmp. The destructor removes it with its files.
class PrivateFolder {
public:
    /// Errors: std::system_error if it cannot be created.
    PrivateFolder();
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

private:
    std::string path_;
};

}  // namespace tool
