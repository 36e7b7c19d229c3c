#include "session/saved_file.hpp"

#include "codec/describe.hpp"

#include <limits>
#include <utility>

namespace intent::codec {

template <>
struct Fields<session::SavedFile> {
    using File = session::SavedFile;
    static constexpr std::tuple table{
        required("version", &File::version),
        required("session_id", &File::session_id),
        required("seq", &File::seq),
        required("gateway", &File::gateway),
        required("time", &File::time),
        required("salt", &File::salt),
        required("fingerprint", &File::fingerprint),
        nullable("handled", &File::handled),
    };
};

}  // namespace intent::codec

INTENT_CODEC_INSTANTIATE(intent::session::SavedFile);

namespace intent::session {

namespace {

/// Returns what is wrong with the runs, or an empty text.
std::string problem_of_runs(const SavedFile& file) {
    if (file.handled.size() > SavedFile::max_runs)
        return std::to_string(file.handled.size()) + " runs; must be at most " + std::to_string(SavedFile::max_runs);
    if (file.handled.size() % 2 != 0) return "an odd number of runs";
    std::uint64_t left = std::numeric_limits<std::uint64_t>::max() - file.seq;
    for (const auto run : file.handled) {
        if (run == 0) return "a run of 0 events";
        if (run >= left) return "sequence numbers exceed 64 bits";
        left -= run;
    }
    return {};
}

}  // namespace

std::string write_saved_file(const SavedFile& file) { return codec::to_json(file) + "\n"; }

codec::Result<SavedFile> read_saved_file(std::string_view text) {
    auto file = codec::from_json<SavedFile>(text);
    if (file && file->version != SavedFile::present_version)
        return codec::Failure{"version", "version " + std::to_string(file->version) + " is not supported"};
    if (file)
        if (auto problem = problem_of_runs(*file); !problem.empty())
            return codec::Failure{"handled", std::move(problem)};
    return file;
}

}  // namespace intent::session
