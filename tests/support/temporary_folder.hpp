// A folder that goes with the test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace intent::test {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::string path() const { return path_.string(); }
    std::string file(std::string_view name) const { return (path_ / name).string(); }

    /// The path of a file that holds `content`; folders of its name are made.
    std::string write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

std::string content_of(const std::string& path);

void write_content(const std::string& path, std::string_view content);

}  // namespace intent::test
