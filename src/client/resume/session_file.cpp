#include "client/resume/session_file.hpp"

#include "net/clock.hpp"
#include "net/file.hpp"
#include "net/file_lock.hpp"
#include "net/hmac.hpp"
#include "session/saved_file.hpp"

#include <intent/errors.hpp>

#include <bit>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace intent::client {
namespace {

constexpr std::size_t max_file_bytes = 512u << 10;
constexpr auto finish_timeout = std::chrono::seconds(1);

void add_hex(std::string& text, std::uint64_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        text += "0123456789abcdef"[(value >> shift) & 15];
}

std::string fingerprint(const std::string& salt, const Token& token) {
    std::string text;
    for (const std::uint8_t byte : net::hmac_sha256(salt, {token.reveal()}))
        add_hex(text, byte, 2);
    return text;
}

std::string random_salt() {
    std::string text;
    add_hex(text, net::random_seed(), 16);
    add_hex(text, net::random_seed(), 16);
    return text;
}

static_assert(session::SavedFile::max_runs == 2 * Progress::max_spans);

std::vector<std::uint64_t> runs_of(const Position& position) {
    std::vector<std::uint64_t> runs;
    std::uint64_t end = position.seq;
    for (const SeqSpan& span : position.handled) {
        runs.push_back(span.first - end - 1);
        runs.push_back(span.last - span.first + 1);
        end = span.last;
    }
    return runs;
}

std::vector<SeqSpan> spans_of(const session::SavedFile& file) {
    std::vector<SeqSpan> spans;
    std::uint64_t end = file.seq;
    for (std::size_t i = 0; i + 1 < file.handled.size(); i += 2) {
        const std::uint64_t first = end + file.handled[i] + 1;
        end = first + file.handled[i + 1] - 1;
        spans.push_back({first, end});
    }
    return spans;
}

}  // namespace

/// The thread's state, which outlives the SessionFile if the disk hangs.
struct SessionFile::Writer {
    Writer(Settings how, std::shared_ptr<Progress> where) : settings(std::move(how)), progress(std::move(where)) {}

    Settings settings;
    std::shared_ptr<Progress> progress;
    std::string salt = random_salt();
    std::optional<Position> written = {};  // used by the thread once it runs
    // Likewise: `lock` and `load` are called with locks held, and a log sink may call the client.
    std::vector<std::string> problems = {};
    std::optional<net::FileLock> lock = {};  // likewise
    std::uint64_t failures = 0;
    bool finished = false;
    std::mutex mutex = {};
    std::condition_variable changed = {};
    bool ended = false;

    std::string name() const { return settings.store ? "session_store" : "session_file " + settings.path; }

    /// Returns what went wrong.
    std::string replace(const std::string& content) {
        if (!settings.store) return net::replace_file(settings.path, content);
        try {
            settings.store->write(content);
            return "";
        } catch (const std::exception& error) {
            return std::string("cannot be written: ") + error.what();
        } catch (...) {
            return "cannot be written";
        }
    }

    net::FileRead read() const {
        if (!settings.store) return net::read_file(settings.path, max_file_bytes);
        net::FileRead result;
        try {
            if (auto content = settings.store->read(); content.size() > max_file_bytes)
                result.problem = "holds " + std::to_string(content.size()) + " bytes; at most " +
                                 std::to_string(max_file_bytes) + " are read";
            else if (!content.empty())
                result.content = std::move(content);
        } catch (const std::exception& error) {
            result.problem = std::string("cannot be read: ") + error.what();
        } catch (...) {
            result.problem = "cannot be read";
        }
        return result;
    }

    void run() {
        settings.on_thread();
        for (const auto& problem : problems)
            settings.log(LogLevel::warn, problem);
        while (const auto position = progress->wait_change(written)) {
            write(*position);
            if (progress->wait_end(settings.pause)) break;
        }
        finish();
    }

    void finish() {
        if (std::exchange(finished, true)) return;
        if (const auto last = progress->position(); last && last != written) write(*last);
        lock.reset();
        const std::lock_guard guard(mutex);
        ended = true;
        changed.notify_all();
    }

    void write(const Position& position) {
        const session::SavedFile file{.session_id = position.session_id,
                                      .seq = position.seq,
                                      .gateway = settings.gateway,
                                      .time = position.time,
                                      .salt = salt,
                                      .fingerprint = fingerprint(salt, settings.token()),
                                      .handled = runs_of(position)};
        const std::string problem = replace(session::write_saved_file(file));
        if (problem.empty()) {
            written = position;
            failures = 0;
        } else if (std::has_single_bit(++failures)) {
            settings.log(LogLevel::warn, name() + ": " + problem + "; the next process cannot resume the session");
        }
    }
};

SessionFile::SessionFile(Settings settings) : writer_(std::make_shared<Writer>(std::move(settings), progress_)) {}

SessionFile::~SessionFile() { finish(); }

void SessionFile::lock() {
    if (writer_->settings.store) return;  // its owner keeps other clients away
    const std::string& path = writer_->settings.path;
    auto attempt = net::FileLock::take(net::lock_of_file(path));
    if (attempt.is_held)
        throw UsageError("session_file " + path + ": in use by " + attempt.holder_text() +
                         "; end that client first, or give each client a file of its own");
    if (!attempt.lock)
        writer_->problems.push_back("session_file " + path + ": its lock file " + net::lock_of_file(path) + " " +
                                    attempt.problem + "; nothing keeps two clients from using it");
    else
        writer_->lock.emplace(*std::move(attempt.lock));
}

std::optional<session::SavedSession> SessionFile::load(const Token& token) {
    const auto& settings = writer_->settings;
    const auto ignore = [&](const std::string& why) {
        writer_->problems.push_back(writer_->name() + ": ignored: " + why);
        return std::nullopt;
    };
    const net::FileRead read = writer_->read();
    if (!read.problem.empty()) return ignore(read.problem);
    if (!read.content) return std::nullopt;
    const auto file = session::read_saved_file(*read.content);
    if (!file) return ignore(file.failure().text());
    if (file->gateway != settings.gateway) return ignore("it belongs to another gateway");
    if (file->salt.empty() || file->fingerprint != fingerprint(file->salt, token))
        return ignore("it belongs to another token");
    progress_->restore({file->session_id, file->seq, file->time, spans_of(*file)});
    writer_->written = progress_->position();
    loaded_time_ = file->time;
    loaded_ = session::SavedSession{file->session_id, file->seq};
    return loaded_;
}

void SessionFile::start() {
    thread_ = std::thread([writer = writer_] { writer->run(); });
}

void SessionFile::finish() {
    if (!thread_.joinable()) return;
    progress_->end();
    if (thread_.get_id() == std::this_thread::get_id()) {
        // A log sink is stopping the client. Once it has stopped, the next client may use the file.
        thread_.detach();
        return writer_->finish();
    }
    std::unique_lock lock(writer_->mutex);
    const bool ended = writer_->changed.wait_for(lock, finish_timeout, [&] { return writer_->ended; });
    lock.unlock();
    if (ended) return thread_.join();
    thread_.detach();
    writer_->settings.log(LogLevel::warn, writer_->name() + ": does not respond");
}

}  // namespace intent::client
