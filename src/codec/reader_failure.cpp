// The texts of a reader's failures, apart from the hot path.
#include "codec/reader.hpp"

namespace intent::codec {
namespace {

const char* name_of(Kind kind, Words words) noexcept {
    const bool json = words == Words::json;
    switch (kind) {
        case Kind::nil:
            return json ? "null" : "nil";
        case Kind::boolean:
            return "a bool";
        case Kind::integer:
            return "an integer";
        case Kind::floating:
            return "a float";
        case Kind::text:
            return json ? "a string" : "text";
        case Kind::binary:
            return "bytes";
        case Kind::list:
            return json ? "an array" : "a list";
        case Kind::map:
            return json ? "an object" : "a map";
        case Kind::extension:
            return "an extension";
        case Kind::invalid:
            return "byte 0xc1, which is not MessagePack";
        case Kind::end:
            return "the end of the data";
    }
    return "?";
}

}  // namespace

bool Reader::fail(std::string reason) {
    failure_ = {{}, std::move(reason)};
    return false;
}

std::string Reader::got() const { return name_of(kind(), words_); }

std::string Reader::where() const {
    if (words_ == Words::json) return {};  // the caller does not see the converted bytes
    return " (at byte " + std::to_string(at_ - begin_) + ")";
}

bool Reader::fail_expected(const char* expected) {
    std::string_view wanted = expected;
    if (words_ == Words::json) {
        if (wanted == "a map") wanted = "an object";
        if (wanted == "a list") wanted = "an array";
        if (wanted == "text") wanted = "a string";
    }
    std::string reason = "expected ";
    reason += wanted;
    reason += ", got ";
    reason += got();
    if (kind() == Kind::invalid) reason += where();
    return fail(std::move(reason));
}

bool Reader::fail_absent(bool was_nil) {
    return fail(was_nil ? std::string("expected a value, got ") + name_of(Kind::nil, words_) : "missing");
}

bool Reader::fail_cut() { return fail("the data ends inside " + got() + where()); }

bool Reader::fail_memory() { return fail("the lists have too many elements for the size of the data"); }

bool Reader::fail_depth() { return fail("nested deeper than " + std::to_string(max_depth) + where()); }

bool Reader::fail_count(std::uint64_t count, const char* what) {
    return fail(got() + " announces " + std::to_string(count) + " " + what + ", more than there are bytes left" +
                where());
}

bool Reader::fail_range(std::int64_t low, std::uint64_t high) {
    Whole value;
    whole(value);
    return fail("expected a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ", got " +
                (value.negative ? "-" : "") + std::to_string(value.magnitude));
}

void Reader::within(std::string_view name) {
    std::string path{name};
    if (!failure_.path.empty() && failure_.path.front() != '[') path += '.';
    failure_.path.insert(0, path);
}

void Reader::within(std::size_t index) {
    std::string path = '[' + std::to_string(index) + ']';
    if (!failure_.path.empty() && failure_.path.front() != '[') path += '.';
    failure_.path.insert(0, path);
}

}  // namespace intent::codec
