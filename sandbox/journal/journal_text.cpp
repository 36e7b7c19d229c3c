#include "sandbox/journal/journal_text.hpp"

#include "codec/convert.hpp"
#include "codec/frame.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>

#include <cmath>
#include <cstdio>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

std::string base64(const codec::Bytes& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

/// Always with milliseconds, so that lines align.
std::string time_text(Timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03dZ",
                  static_cast<int>(std::chrono::floor<std::chrono::milliseconds>(time - seconds).count()));
    std::string text = format_timestamp(seconds);
    return text.replace(text.size() - 1, 1, fraction);
}

template <class T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value();
}

/// Accepts the maximum depth that the sandbox accepts elsewhere.
json::value parsed(const std::string& text, boost::system::error_code& error) {
    json::parse_options options;
    options.max_depth = 80;
    return json::parse(text, error, {}, options);
}

json::value or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }
json::value or_null(std::uint64_t number) { return number == 0 ? json::value() : json::value(number); }

}  // namespace

const char* name_of(JournalKind kind) noexcept {
    constexpr const char* names[] = {"frame", "request", "connection", "fault"};
    return names[static_cast<std::size_t>(kind)];
}

const std::string& JournalText::name(UserId user) {
    const auto [at, fresh] = names_.try_emplace(user);
    if (fresh && user) {
        const auto account = store_.account(user);
        at->second = account ? account->user.username : user.str();
    }
    return at->second;
}

json::value JournalText::user(const JournalEntry& entry) { return or_null(name(entry.owner.user)); }

json::object JournalText::object(const JournalEntry& entry) {
    json::object out{{"n", entry.n}, {"time", time_text(entry.time)}, {"kind", name_of(entry.kind)}};
    switch (entry.kind) {
        case JournalKind::frame:
            out["direction"] = entry.direction == Direction::in ? "in" : "out";
            out["connection"] = entry.connection;
            out["session"] = or_null(entry.owner.session);
            out["user"] = user(entry);
            add_frame(out, entry);
            break;
        case JournalKind::request:
            out["user"] = user(entry);
            add_request(out, *entry.details);
            break;
        case JournalKind::connection:
            out["what"] = entry.details->what;
            out["connection"] = entry.connection;
            out["session"] = or_null(entry.owner.session);
            out["user"] = user(entry);
            out["code"] = or_null(entry.details->code);
            out["reason"] = or_null(clean(entry.details->reason));
            break;
        case JournalKind::fault:
            out["fault"] = or_null(entry.details->fault);
            out["what"] = entry.details->what;
            out["connection"] = or_null(entry.connection);
            out["session"] = or_null(entry.owner.session);
            out["user"] = user(entry);
            out["path"] = or_null(clean(entry.details->path));
            break;
    }
    return out;
}

std::string JournalText::line(const JournalEntry& entry) { return json::serialize(object(entry)) + '\n'; }

JournalText::Lines JournalText::lines(const std::vector<const JournalEntry*>& entries, std::size_t max_bytes) {
    std::vector<std::string> kept;
    std::size_t bytes = 0;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        std::string line = this->line(**entry);
        if (!kept.empty() && bytes + line.size() > max_bytes) break;
        bytes += line.size();
        kept.push_back(std::move(line));
    }
    Lines lines{.text = {}, .left_out = entries.size() - kept.size()};
    lines.text.reserve(bytes);
    for (auto line = kept.rbegin(); line != kept.rend(); ++line)
        lines.text += *line;
    return lines;
}

void JournalText::add_frame(json::object& out, const JournalEntry& entry) const {
    codec::Bytes bytes = entry.frame();
    redactor_.frame(bytes);
    const auto frame = entry.text ? codec::Result<codec::Frame>(codec::Failure{}) : codec::peek_frame(bytes);
    out["op"] = frame ? or_null(frame->op) : json::value();
    out["t"] = frame && frame->type ? json::value(*frame->type) : json::value();
    out["s"] = frame ? or_null(frame->seq) : json::value();
    out["size"] = bytes.size();
    json::value data;
    if (frame && !frame->data.empty())
        if (const auto text = codec::msgpack_to_json(frame->data)) {
            boost::system::error_code error;
            data = parsed(*text, error);
        }
    out["data"] = std::move(data);
    out["bytes"] = base64(bytes);
    if (entry.text) out["text"] = true;
}

void JournalText::add_request(json::object& out, const JournalDetails& details) const {
    out["method"] = details.method;
    out["path"] = clean(details.path);
    out["query"] = or_null(clean(details.query));
    out["status"] = or_null(details.status);
    out["ms"] = std::round(details.milliseconds * 1000) / 1000;
    out["size"] = details.size;
    out["bucket"] = or_null(details.bucket);
    out["remaining"] = or_null(details.remaining);
    out["request"] = body(details.request);
    out["response"] = body(details.response);
    out["fault"] = or_null(details.fault);
    if (!details.traceparent.empty()) out["traceparent"] = clean(details.traceparent);
}

/// JSON is kept, other text becomes a string, an empty body null.
json::value JournalText::body(const std::string& text) const {
    if (text.empty()) return nullptr;
    boost::system::error_code error;
    json::value value = parsed(text, error);
    if (error) return json::value(clean(text));
    redactor_.json(value);
    return value;
}

}  // namespace intent::sandbox
