// The log of a relay.
#pragma once

#include "text/peer_text.hpp"

#include <intent/log.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace intent::relay {

/// Writes lines of the component "relay", without the bot's token. Threads: safe. Copies share the sink.
class RelayLog {
public:
    RelayLog(std::shared_ptr<LogSink> sink, const text::Redactor& secrets)
        : sink_(std::move(sink)), secrets_(std::make_shared<const text::Redactor>(secrets)) {}

    void operator()(LogLevel level, std::string_view line) const noexcept {
        constexpr std::size_t limit = 1'000;
        try {
            if (!sink_ || !sink_->enabled(level, component)) return;
            const auto clean = text::peer_text(line, *secrets_, limit);
            sink_->write({level, component, clean});
        } catch (...) {
            return;  // a sink that fails must not end the relay
        }
    }

    const text::Redactor& secrets() const noexcept { return *secrets_; }

private:
    static constexpr std::string_view component = "relay";
    std::shared_ptr<LogSink> sink_;
    std::shared_ptr<const text::Redactor> secrets_;
};

}  // namespace intent::relay
