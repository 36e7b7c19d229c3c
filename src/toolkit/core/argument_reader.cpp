#include "toolkit/core/argument_reader.hpp"

#include <utility>

namespace intent::toolkit {

ArgumentReader::ArgumentReader(const Pattern& pattern, std::span<const detail::ParameterType> types,
                               std::string_view line, std::vector<Word> words, std::size_t used)
    : pattern_(pattern),
      types_(types),
      line_(line.substr(0, trimmed_end(line))),
      words_(std::move(words)),
      word_(used) {}

const ArgumentReader::Conversion* ArgumentReader::next() {
    while (!pending_ && !fault_ && parameter_ < types_.size()) {
        if (!word_follows())
            without_word();
        else if (types_[parameter_].form == Form::rest)
            convert_rest();
        else
            convert_word();
    }
    if (!pending_ && !fault_ && word_follows())
        fail({{}, "this is more than the command takes", words_[word_].begin, line_.size()});
    return pending_ ? &*pending_ : nullptr;
}

void ArgumentReader::accepted() {
    const bool is_fallback = pending_->is_fallback;
    const bool is_rest = types_[parameter_].form == Form::rest;
    pending_.reset();
    if (!is_fallback) {
        skipped_.reset();
        word_ = is_rest ? words_.size() : word_ + 1;
    }
    if (types_[parameter_].form == Form::many)
        ++taken_;
    else
        go_on();
}

void ArgumentReader::refused(std::string why) {
    const Conversion refused = *std::exchange(pending_, std::nullopt);
    ArgumentFault fault{parameter().name, std::move(why), refused.begin, refused.end};
    if (refused.is_fallback || !may_be_skipped()) return fail(std::move(fault));
    if (!skipped_) skipped_ = std::move(fault);
    if (parameter().fallback) return convert_fallback();
    go_on();
}

/// True if the current parameter can do without the current word, and a later one can take it.
bool ArgumentReader::may_be_skipped() const noexcept {
    return parameter_ + 1 < types_.size() && (taken_ > 0 || !parameter().is_required);
}

void ArgumentReader::go_on() {
    ++parameter_;
    taken_ = 0;
}

void ArgumentReader::convert_word() {
    const Word& word = words_[word_];
    if (word.is_unclosed)
        return fail({parameter().name, "the closing quotation mark is missing", word.begin, word.end});
    pending_ = Conversion{parameter_, word.text, false, word.begin, word.end};
}

void ArgumentReader::convert_rest() {
    const std::size_t begin = words_[word_].begin;
    pending_ = Conversion{parameter_, std::string(line_.substr(begin)), false, begin, line_.size()};
}

void ArgumentReader::convert_fallback() {
    pending_ = Conversion{parameter_, *parameter().fallback, true, line_.size(), line_.size()};
}

void ArgumentReader::without_word() {
    if (parameter().fallback) return convert_fallback();
    if (parameter().is_required && taken_ == 0)
        return fail({parameter().name, "is missing", line_.size(), line_.size()});
    go_on();
}

void ArgumentReader::fail(ArgumentFault fault) { fault_ = skipped_ ? std::move(*skipped_) : std::move(fault); }

}  // namespace intent::toolkit
