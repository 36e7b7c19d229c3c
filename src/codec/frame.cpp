#include "codec/frame.hpp"

#include "codec/describe.hpp"
#include "codec/reader.hpp"
#include "codec/writer.hpp"

#include <cstring>

namespace intent::codec {
namespace {

/// Reads a whole non-negative number. Any other value leaves `out` unset; false only if the value is malformed.
bool read_count(Reader& reader, std::optional<std::uint64_t>& out) {
    if (std::uint64_t plain = 0; reader.take_unsigned(plain)) {
        out = plain;
        return true;
    }
    const Kind kind = reader.kind();
    if (kind != Kind::integer && kind != Kind::floating) return reader.skip();
    const auto start = reader.mark();
    std::uint64_t value = 0;
    if (reader.integer(value)) {
        out = value;
        return true;
    }
    reader.rewind(start);
    return reader.skip();
}

bool read_envelope(Reader& reader, Frame& frame) {
    enum : unsigned { op = 1, type = 2, seq = 4, data = 8 };
    unsigned seen = 0;
    const auto first = [&seen](unsigned key) {
        const bool fresh = (seen & key) == 0;
        seen |= key;
        return fresh;
    };
    std::uint32_t left = 0;
    if (!reader.map(left)) return false;
    for (; left > 0; --left) {
        std::string_view key;
        if (!reader.text(key)) return false;
        const auto start = reader.mark();
        bool read = true;
        if (key == "op" && first(op)) {
            read = read_count(reader, frame.op);
        } else if (key == "s" && first(seq)) {
            read = read_count(reader, frame.seq);
        } else if (key == "t" && reader.kind() == Kind::text && first(type)) {
            std::string_view name;
            read = reader.text(name);
            frame.type = name;
        } else {
            read = reader.skip();
            if (key == "t") first(type);
            if (key == "d" && first(data)) frame.data = reader.since(start);
        }
        if (!read) return reader.within(shown(key)), false;
    }
    reader.leave();
    return reader.finish();
}

/// The header of a map of `size` entries, and the first of them.
void begin_frame(Writer& writer, std::uint32_t size, Opcode op) {
    writer.map(size);
    writer.text("op");
    writer.integer(static_cast<std::uint8_t>(op));
}

/// `{op, d}`, where `d` is a described struct.
template <class T>
Bytes write_described(Opcode op, const T& data) {
    Bytes bytes;
    Writer writer{bytes};
    begin_frame(writer, 2, op);
    writer.text("d");
    write_value(writer, data);
    return bytes;
}

void write_data(Writer& writer, ByteView data) {
    if (data.empty()) return writer.nil();
    writer.encoded(data);
}

/// How an event begins as servers write it: a map of four entries, of which the first is `op: 0`, the second `d`.
constexpr char begin[] = {'\x84', '\xa2', 'o', 'p', '\0', '\xa1', 'd'};

/// `t` of a message, and its value.
constexpr char message_type[] = {'\xa1', 't', '\xae', 'M', 'E', 'S', 'S', 'A', 'G',
                                 'E',    '_', 'C',    'R', 'E', 'A', 'T', 'E'};

/// The bytes of `s` and its number at the end of a frame of at least 7 bytes; 0 if there is something else.
std::size_t seq_at_end(ByteView message, std::uint64_t& seq) noexcept {
    const std::uint8_t* const end = message.data() + message.size();
    if (std::memcmp(end - 7, "\xa1s\xce", 3) == 0) return seq = Reader::load(end - 4, 4), 7;
    for (const int digits : {3, 2, 1}) {  // with its first byte
        const std::uint8_t* const number = end - digits;
        if (number[-2] == 0xa1 && number[-1] == 's' && Reader::unsigned_at(number, end, seq) == digits + 0U)
            return digits + 2U;
    }
    return 0;
}

/// The frame of an event: {op: 0, d, t, s} in this order, and nothing else. False for any other.
bool peek_event(ByteView message, Frame& frame) noexcept {
    const std::uint8_t* at = message.data();
    const std::uint8_t* const end = at + message.size();
    if (message.size() < sizeof begin || std::memcmp(at, begin, sizeof begin) != 0) return false;
    at += sizeof begin;
    const std::size_t size = Reader::usual_size({at, end});
    const ByteView data{at, size};
    at += size;
    if (size == 0 || end - at < 3 || at[0] != 0xa1 || at[1] != 't') return false;
    const std::size_t length = at[2] - std::size_t{0xa0};
    at += 3;
    if (length >= 32 || static_cast<std::size_t>(end - at) < length + 3) return false;
    const std::string_view name(reinterpret_cast<const char*>(at), length);
    at += length;
    std::uint64_t seq = 0;
    if (at[0] != 0xa1 || at[1] != 's') return false;
    const std::size_t digits = Reader::unsigned_at(at + 2, end, seq);
    if (digits == 0 || at + 2 + digits != end) return false;
    frame.op = 0;
    frame.type = name;
    frame.seq = seq;
    frame.data = data;
    return true;
}

/// Any frame with the usual keys, each once, in any order.
bool peek_short_keys(ByteView message, Frame& frame) noexcept {
    enum : unsigned { op = 1, type = 2, seq = 4, data = 8 };
    const std::uint8_t* at = message.data();
    const std::uint8_t* const end = at + message.size();
    if (at == end || (*at & 0xf0) != 0x80) return false;
    frame = {};
    unsigned seen = 0;
    for (unsigned left = *at++ & 0x0fU; left > 0; --left) {
        // The header and the key, one letter or "op", and the first byte of the value.
        if (end - at < 4) {
            if (end - at < 3 || *at != 0xa1) return false;
        }
        const bool is_op = at[0] == 0xa2;
        if (is_op ? at[1] != 'o' || at[2] != 'p' : at[0] != 0xa1) return false;
        const std::uint8_t letter = at[1];
        at += is_op ? 3 : 2;
        const std::uint8_t first = *at;
        unsigned key = 0;
        if (letter == 'd') {
            key = data;
            const std::size_t size = Reader::usual_size({at, end});
            if (size == 0) return false;
            frame.data = {at, size};
            at += size;
        } else if (letter == 't') {
            key = type;
            ++at;
            if (first != 0xc0) {
                const std::size_t size = first - std::size_t{0xa0};
                if (size >= 32 || size > static_cast<std::size_t>(end - at)) return false;
                frame.type = {reinterpret_cast<const char*>(at), size};
                at += size;
            }
        } else if (letter == 's' || is_op) {
            key = is_op ? op : seq;
            if (first == 0xc0) {
                ++at;
            } else {
                std::uint64_t number = 0;
                const std::size_t size = Reader::unsigned_at(at, end, number);
                if (size == 0) return false;
                (is_op ? frame.op : frame.seq) = number;
                at += size;
            }
        } else {
            return false;
        }
        if ((seen & key) != 0) return false;
        seen |= key;
    }
    return at == end;
}

}  // namespace

bool peek_usual_frame(ByteView message, Frame& frame) noexcept {
    return peek_event(message, frame) || peek_short_keys(message, frame);
}

bool expect_message(ByteView message, Frame& frame) noexcept {
    const std::uint8_t* const data = message.data();
    if (message.size() < sizeof begin + sizeof message_type + 3 || std::memcmp(data, begin, sizeof begin) != 0)
        return false;
    const std::size_t size = seq_at_end(message, frame.seq.emplace());
    if (size == 0 || message.size() < sizeof begin + sizeof message_type + size) return false;
    const std::uint8_t* const type = data + message.size() - size - sizeof message_type;
    if (std::memcmp(type, message_type, sizeof message_type) != 0) return false;
    frame.op = 0;
    frame.type = std::string_view(message_type + 3, sizeof message_type - 3);
    frame.data = {data + sizeof begin, type};
    return true;
}

Result<Frame> peek_frame(ByteView message) {
    Frame frame;
    if (peek_usual_frame(message, frame)) return frame;
    frame = {};
    Reader reader{message};
    if (!read_envelope(reader, frame)) return reader.failure();
    return frame;
}

Bytes write_heartbeat(std::optional<std::uint64_t> seq) { return write_described(Opcode::heartbeat, seq); }

Bytes write_identify(const raw::Identify& identify) { return write_described(Opcode::identify, identify); }

Bytes write_resume(const raw::Resume& resume) { return write_described(Opcode::resume, resume); }

Bytes write_command(Opcode op, ByteView data) {
    Bytes bytes;
    bytes.reserve(data.size() + 16);
    Writer writer{bytes};
    begin_frame(writer, 2, op);
    writer.text("d");
    write_data(writer, data);
    return bytes;
}

Bytes write_frame(Opcode op, ByteView data, std::optional<std::string_view> type, std::optional<std::uint64_t> seq) {
    Bytes bytes;
    bytes.reserve(data.size() + 64);
    Writer writer{bytes};
    begin_frame(writer, 4, op);
    writer.text("t");
    type ? writer.text(*type) : writer.nil();
    writer.text("s");
    seq ? writer.integer(*seq) : writer.nil();
    writer.text("d");
    write_data(writer, data);
    return bytes;
}

std::optional<double> peek_heartbeat_interval(ByteView data) {
    Reader reader{data};
    std::uint32_t left = 0;
    if (!reader.map(left)) return std::nullopt;
    for (; left > 0; --left) {
        std::string_view key;
        if (!reader.key(key)) return std::nullopt;
        if (key == "heartbeat_interval") {
            double value = 0;
            if (!reader.number(value)) return std::nullopt;
            return value;
        }
        if (!reader.skip()) return std::nullopt;
    }
    return std::nullopt;
}

std::optional<bool> peek_bool(ByteView data) {
    Reader reader{data};
    bool value = false;
    if (!reader.boolean(value) || !reader.at_end()) return std::nullopt;
    return value;
}

}  // namespace intent::codec
