#include "tests/soak/scale/notes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace intent::test {

NoteWriter::NoteWriter(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("cannot open " + path);
}

NoteWriter::~NoteWriter() { ::close(file_); }

void NoteWriter::add(const std::string& line) const {
    const std::string all = line + "\n";
    if (::write(file_, all.data(), all.size()) != static_cast<ssize_t>(all.size()))
        throw std::runtime_error("cannot write the notes");
}

void Notes::read() {
    std::ifstream file(path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset_));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::size_t done = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', done)) {
        add(std::string_view(text).substr(done, end - done));
        done = end + 1;
    }
    offset_ += done;
}

bool Notes::handled(std::size_t serial) const {
    const auto found = messages_.find(serial);
    return found != messages_.end() && found->second.ended > 0;
}

void Notes::forget_order(std::size_t serial) {
    for (std::size_t channel = 0; channel < channels_; ++channel) {
        auto& next = next_of(channel);
        while (next < serial)
            next += channels_;
    }
}

std::size_t& Notes::next_of(std::size_t serial) {
    const std::size_t channel = serial % channels_;
    auto& next = next_.try_emplace(channel, channel).first->second;
    while (handled(next) || skipped_.contains(next))
        next += channels_;
    return next;
}

void Notes::add(std::string_view line) {
    std::istringstream words{std::string(line)};
    std::string what;
    words >> what;
    if (what == "gap") {
        NotedGap gap{};
        words >> gap.from >> gap.to;
        if (gap.from == gap.to)
            ++holes_;
        else
            gaps_.push_back(gap);
        return;
    }
    std::size_t serial = 0;
    if (!(words >> serial)) throw std::runtime_error("notes: " + std::string(line));
    auto& message = messages_[serial];
    message.begun += what == "begin";
    message.ended += what == "end" || what == "unknown";
    message.unknown += what == "unknown";
    message.failed += what == "fail";
    if (what == "begin" && serial > next_of(serial)) out_of_order_.push_back(serial);
}

}  // namespace intent::test
