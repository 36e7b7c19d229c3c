// `intent record FILE`: records the journal of a running sandbox until SIGINT or SIGTERM.
#include "net/file_lock.hpp"
#include "text/display.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/journal.hpp"
#include "tools/intent/support/output.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <memory>
#include <system_error>

namespace tool {

namespace {

using namespace std::chrono_literals;

struct RecordFlags {
    SandboxAddress address = {};
    std::string file = {};
    std::string kinds = {};
    bool all = false;
};

class Recorder {
public:
    /// Writes lines; false on failure.
    using Out = std::function<bool(const std::vector<std::string>& lines)>;

    Recorder(const RecordFlags& flags, Out out)
        : flags_(flags), out_(std::move(out)), control_(flags.address), journal_(control_, flags.kinds) {}

    /// Runs until a signal (status 0) or a write error (status 1).
    int run() {
        control_.http().heed_signals();
        if (!flags_.all) journal_.skip_to_end();
        bool announced = false;
        try {
            for (;;) {
                if (const auto page = read(); page && !take(*page)) break;
                // Only after the first page, every further entry is certain to be recorded.
                if (!std::exchange(announced, true))
                    print_error("recording " + control_.origin() + "; Ctrl-C stops it");
            }
        } catch (const Interrupted&) {
            return finish();
        }
        if (flags_.file != "-") print_error(flags_.file + ": " + std::generic_category().message(errno));
        return failed;
    }

private:
    /// The next page; unset while the sandbox is unreachable.
    std::optional<Journal::Page> read() {
        try {
            // A sandbox that is reachable again may have restarted, with entries numbered from 1. Do not wait for new
            // entries until that is known.
            auto page = journal_.next(first_ || away_ > 0 ? 0ms : 20s);
            first_ = false;
            if (std::exchange(away_, 0) > 0) print_error("the sandbox is back");
            return page;
        } catch (const Unreachable& error) {
            if (first_) throw;
            if (away_ == 0) print_error(std::string(error.what()) + "; retrying");
            control_.http().pause(std::min(250ms * (1 << std::min(away_++, 5)), 5000ms));
            return std::nullopt;
        }
    }

    bool take(const Journal::Page& page) {
        if (page.restarted) print_error("the sandbox restarted: the journal starts from the beginning");
        if (page.skipped > 0) {
            skipped_ += page.skipped;
            print_error(fmt::format("{} entries are missing here: dropped before they could be read", page.skipped));
        }
        recorded_ += page.lines.size();
        return out_(page.lines);
    }

    int finish() const {
        if (flags_.file == "-") return done;
        return print_json(fmt::format(R"({{"recorded":{},"missing":{}}})", recorded_, skipped_)) ? done : failed;
    }

    const RecordFlags& flags_;
    Out out_;
    Control control_;
    Journal journal_;
    bool first_ = true;
    int away_ = 0;
    std::size_t recorded_ = 0;
    std::uint64_t skipped_ = 0;
};

int record(const RecordFlags& flags) {
    const auto print = [](const std::vector<std::string>& lines) { return std::ranges::all_of(lines, print_json); };
    if (flags.file == "-") return Recorder(flags, print).run();
    // Recorded messages may be private. An error shows when the file is opened; an existing file keeps its mode.
    static_cast<void>(intent::net::make_private_file(flags.file));
    std::ofstream file(flags.file, std::ios::binary | std::ios::trunc);
    if (!file) {
        print_error(flags.file + ": " + std::generic_category().message(errno));
        return failed;
    }
    const auto write = [&file](const std::vector<std::string>& lines) {
        for (const auto& line : lines)
            file << intent::text::display_json(line) << '\n';
        return !file.flush().fail();
    };
    return Recorder(flags, write).run();
}

}  // namespace

Command add_record(CLI::App& tool) {
    auto* command = tool.add_subcommand("record", "Record the journal of a running sandbox to a file");
    const auto flags = std::make_shared<RecordFlags>();
    command->add_option("file", flags->file, "File to write or replace, one JSON object per line; -: standard output")
        ->type_name("FILE")
        ->required();
    command->add_option("--kind", flags->kinds, "Only these kinds, comma-separated: frame, request, connection, fault")
        ->type_name("KINDS");
    command->add_flag("--all", flags->all, "Include the existing entries");
    add_address_flag(*command, flags->address);
    return {command, [flags] { return record(*flags); }};
}

}  // namespace tool
