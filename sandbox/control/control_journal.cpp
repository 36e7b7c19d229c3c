// Control requests about the journal: read it, wait for new entries.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/journal/journal_text.hpp"

#include <algorithm>
#include <limits>

namespace intent::inline v0::sandbox {
namespace {

constexpr int max_lines = 5000;
/// Bounds the time on the loop's thread: an event has a line for each session that got it.
constexpr std::size_t max_answer_bytes = 32u << 20;
constexpr int max_wait_ms = 30'000;

unsigned read_kinds(const std::optional<std::string>& text) {
    if (!text) return Journal::all_kinds;
    unsigned kinds = 0;
    for (std::string_view rest = *text; !rest.empty();) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto name = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        unsigned found = 0;
        for (const auto kind : {JournalKind::frame, JournalKind::request, JournalKind::connection, JournalKind::fault})
            if (name == name_of(kind)) found = Journal::bit(kind);
        if (found == 0) throw invalid("kind", "frame, request, connection and fault allowed, with commas between");
        kinds |= found;
    }
    if (kinds == 0) throw invalid("kind", "frame, request, connection and fault allowed, with commas between");
    return kinds;
}

}  // namespace

/// A request that waits for the first matching entry.
struct Control::Waiting {
    Waiting(const Journal::Wanted& what, std::uint64_t last, Respond answer, net::Loop& loop)
        : wanted(what), seen(last), respond(std::move(answer)), timer(loop, net::Timer::Kind::real) {}

    const Journal::Wanted wanted;
    std::uint64_t seen;  ///< no entry up to this number matches
    Respond respond;
    net::Timer timer;
};

Control::Control(RunningSandbox& sandbox) : sandbox_(sandbox), parts_(sandbox.parts()), bot_metrics_(parts_.loop) {}
Control::~Control() = default;

void Control::read_journal(const net::ServerRequest& request, Respond respond) {
    const Query query(request.query);
    Journal::Wanted wanted;
    wanted.after = query.snowflake("after").value_or(0);
    wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, max_lines).value_or(500));
    wanted.kinds = read_kinds(query.text("kind"));
    const int wait = query.integer("wait_ms", 0, max_wait_ms).value_or(0);
    const bool of_earlier_run = wanted.after > parts_.journal.last();
    if (wait == 0 || of_earlier_run || parts_.journal.has(wanted)) return respond(journal_reply(wanted));
    auto waiting = std::make_shared<Waiting>(wanted, parts_.journal.last(), std::move(respond), parts_.loop);
    waiting->timer.arm(net::now() + std::chrono::milliseconds(wait), [this, weak = std::weak_ptr(waiting)] {
        if (const auto over = weak.lock()) end_waiting(over);
    });
    waiting_.push_back(std::move(waiting));
}

void Control::end_waiting(const std::shared_ptr<Waiting>& waiting) {
    waiting_.remove(waiting);
    waiting->respond(journal_reply(waiting->wanted));
}

void Control::on_news() {
    for (const auto& waiting : std::vector<std::shared_ptr<Waiting>>(waiting_.begin(), waiting_.end())) {
        Journal::Wanted news = waiting->wanted;
        news.after = std::max(news.after, waiting->seen);
        waiting->seen = parts_.journal.last();
        if (parts_.journal.has(news)) end_waiting(waiting);
    }
}

net::ServerResponse Control::journal_reply(const Journal::Wanted& wanted) {
    const auto page = parts_.journal.page(wanted);
    auto lines = JournalText(parts_.store).lines(page.entries, max_answer_bytes);
    return {.status = 200,
            .headers = {{"Content-Type", "application/x-ndjson"},
                        {"Cache-Control", "no-store"},
                        {"X-Sandbox-Skipped", std::to_string(page.skipped + lines.left_out)},
                        {"X-Sandbox-Run", sandbox_.run_id()}},
            .body = std::move(lines.text)};
}

ApiReply Control::clear_journal(const Request&) {
    parts_.journal.clear();
    return empty_reply();
}

}  // namespace intent::sandbox
