#include "session/saved_file.hpp"

#include "codec/describe.hpp"

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
    };
};

}  // namespace intent::codec

INTENT_CODEC_INSTANTIATE(intent::session::SavedFile);

namespace intent::session {

std::string write_saved_file(const SavedFile& file) { return codec::to_json(file) + "\n"; }

codec::Result<SavedFile> read_saved_file(std::string_view text) {
    auto file = codec::from_json<SavedFile>(text);
    if (file && file->version != SavedFile::present_version)
        return codec::Failure{"version", "version " + std::to_string(file->version) + " is not supported"};
    return file;
}

}  // namespace intent::session
