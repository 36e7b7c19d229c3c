#include "tools/intent/support/journal.hpp"

#include "tools/intent/support/json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace tool {

namespace {

std::uint64_t number_of(const std::string& line) {
    const auto entry = parsed_json(line).value_or(nullptr);
    const auto& number = at(entry, "n");
    if (!number.is_int64() && !number.is_uint64()) throw ControlError("the journal has an entry without a number");
    return number.to_number<std::uint64_t>();
}

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
}

void Journal::skip_to_end() {
    const auto answer = control_.call({.path = "/journal?limit=1"});
    const auto lines = lines_of(answer.body);
    after_ = lines.empty() ? 0 : number_of(lines.back());
    run_ = header(answer, "x-sandbox-run").value_or("");
}

Journal::Page Journal::next(std::chrono::milliseconds wait) {
    wait = std::clamp(wait, std::chrono::milliseconds(0), std::chrono::milliseconds(30'000));
    std::string path = fmt::format("/journal?after={}&limit=5000&wait_ms={}", after_, wait.count());
    if (!kinds_.empty()) path += "&kind=" + kinds_;
    const auto answer = control_.call({.path = path, .timeout = wait + std::chrono::seconds(30)});
    const auto run = header(answer, "x-sandbox-run").value_or("");
    if (!run_.empty() && run != run_) {
        after_ = 0;
        run_ = run;
        return {.restarted = true};
    }
    run_ = run;
    Page page{.lines = lines_of(answer.body)};
    if (const auto skipped = header(answer, "x-sandbox-skipped")) {
        std::from_chars(skipped->data(), skipped->data() + skipped->size(), page.skipped);
    }
    if (!page.lines.empty()) after_ = number_of(page.lines.back());
    return page;
}

}  // namespace tool
