#include "text/display.hpp"
#include "text/peer_text.hpp"

#include <intent/errors.hpp>
#include <intent/run.hpp>

#include <cstdio>
#include <exception>
#include <limits>
#include <utility>

namespace intent::inline v0::detail {

namespace {

/// Prints one line. The text may quote an environment variable, so it is sanitized.
int failed(const char* what, int status) noexcept {
    const auto line = text::display(text::peer_text(what, {}, std::numeric_limits<std::size_t>::max()));
    std::fprintf(stderr, "intent: %s\n", line.c_str());
    return status;
}

}  // namespace

int run_program(const Program& program) noexcept {
    try {
        if (program.run_other != nullptr) return program.run_other(program);
        ClientOptions options = program.options ? *program.options : options_from_env();
        if (program.configure) program.configure(program.configure_context, options);
        Client client(std::move(options));
        return program.setup_and_run(program.setup_context, client);
    } catch (const ConfigError& error) {
        return failed(error.what(), 2);
    } catch (const std::exception& error) {
        return failed(error.what(), 1);
    } catch (...) {
        return failed("the bot ended with an exception that is not a std::exception", 1);
    }
}

}  // namespace intent::detail
