// The file that a sandbox keeps everything in: whose it is, and what may be one.
#include "sandbox/store/store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace intent::inline v0::sandbox::database_file_test {
namespace {

const Timestamp start = *parse_timestamp("2026-01-01T00:00:00Z");

UserId add_alice(Store& store) {
    store.add_user(
        {.user = {.id = UserId{1}, .username = "alice", .display_name = "Alice", .created_at = start}, .password = ""},
        std::nullopt);
    return UserId{1};
}

std::string refusal(const std::string& path) {
    try {
        Store store(path);
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

using std::filesystem::perms;
constexpr perms owner_alone = perms::owner_read | perms::owner_write;

perms mode_of(const std::string& path) { return std::filesystem::status(path).permissions(); }

TEST(DatabaseFile, case_179_a_file_in_use_is_refused_under_every_name_until_it_is_released) {
    const test::TemporaryFolder folder;
    const std::string file = folder.file("db");
    const std::string link = folder.file("link");
    {
        Store store(file);
        store.add_token("kept", add_alice(store), start, std::nullopt);
        std::filesystem::create_symlink(file, link);
        const std::string in_use = ": in use by process " + std::to_string(getpid());
        EXPECT_EQ(refusal(file), file + in_use);
        EXPECT_EQ(refusal(link), link + in_use);
    }
    EXPECT_FALSE(std::filesystem::exists(file + ".lock"));
    // What a crash leaves: the file, but nobody who holds it.
    std::ofstream(file + ".lock") << "1\n";
    EXPECT_TRUE(Store(link).token_user("kept", start));
}

TEST(DatabaseFile, case_180_only_regular_files_are_accepted_and_only_new_ones_get_a_mode) {
    const test::TemporaryFolder folder;
    const std::string file = folder.file("db");
    std::filesystem::create_directory(file);
    EXPECT_EQ(refusal(file), file + ": cannot be opened as database: not a regular file");
    std::filesystem::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0644), 0);
    EXPECT_EQ(refusal(file), file + ": cannot be opened as database: not a regular file");
    EXPECT_EQ(mode_of(file), owner_alone | perms::group_read | perms::others_read);
    std::filesystem::remove(file);

    { Store store(file); }
    EXPECT_EQ(mode_of(file), owner_alone);
    const perms shared = owner_alone | perms::group_read;
    std::filesystem::permissions(file, shared);
    { Store store(file); }
    EXPECT_EQ(mode_of(file), shared) << "whoever shares their file may";
}

}  // namespace
}  // namespace intent::sandbox::database_file_test
