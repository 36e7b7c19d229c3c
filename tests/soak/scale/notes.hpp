// What the workers note about each message, in a file that outlives them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace intent::test {

/// A file to which each line is appended at once, so that a crash loses none.
///
/// Threads: safe, also for several processes.
class NoteWriter {
public:
    explicit NoteWriter(const std::string& path);
    ~NoteWriter();
    NoteWriter(const NoteWriter&) = delete;
    NoteWriter& operator=(const NoteWriter&) = delete;

    void add(const std::string& line) const;

private:
    int file_;
};

/// What the handlers of one application have done with a message.
struct Handled {
    unsigned begun = 0;    ///< calls
    unsigned ended = 0;    ///< calls that ended without an error
    unsigned unknown = 0;  ///< of them, those that do not know whether their answer was posted
    unsigned failed = 0;   ///< calls that ended with an error, so that the message comes again
};

/// A span without events, as a worker was told.
struct NotedGap {
    std::int64_t from;
    std::int64_t to;  ///< µs since 1970
};

/// What one application has noted. Lines: "begin SERIAL WORKER", "end …", "unknown …", "fail …", "gap FROM TO".
class Notes {
public:
    /// Messages with the same remainder modulo `channels` belong to one channel, in their order.
    Notes(std::string path, std::size_t channels) : path_(std::move(path)), channels_(channels) {}

    /// Reads what was added since the last call.
    void read();

    const std::map<std::size_t, Handled>& messages() const noexcept { return messages_; }
    const std::vector<NotedGap>& gaps() const noexcept { return gaps_; }
    /// Sequence numbers that were missing, which excuse no loss.
    std::size_t holes() const noexcept { return holes_; }
    bool handled(std::size_t serial) const;
    /// Messages that were begun before an earlier one of their channel had ended.
    const std::vector<std::size_t>& out_of_order() const noexcept { return out_of_order_; }
    /// This message will not end: it becomes a dead letter.
    void skip(std::size_t serial) { skipped_.insert(serial); }
    /// From now on, messages below `serial` count as ended for the order of their channel: some were lost in a gap.
    void forget_order(std::size_t serial);

private:
    void add(std::string_view line);
    std::size_t& next_of(std::size_t serial);

    const std::string path_;
    const std::size_t channels_;
    std::uintmax_t offset_ = 0;
    std::map<std::size_t, Handled> messages_;
    std::map<std::size_t, std::size_t> next_;  // of each channel: the first message that has not ended
    std::set<std::size_t> skipped_;
    std::vector<std::size_t> out_of_order_;
    std::vector<NotedGap> gaps_;
    std::size_t holes_ = 0;
};

}  // namespace intent::test
