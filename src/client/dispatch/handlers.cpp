// The handlers of a bot's functions. Compiled once here, and not in each source of a bot.
#include <intent/detail/handlers.hpp>

#include <memory>
#include <utility>

namespace intent::inline v0::detail {

namespace {

using Call = void (*)(void* function, const void* event);
using Start = task<> (*)(void* function, const void* event);

class FunctionHandler final : public Handler {
public:
    FunctionHandler(KeptFunction function, Call call) noexcept : function_(function), call_(call) {}
    ~FunctionHandler() override {
        if (function_.destroy) function_.destroy(function_.function);
    }
    void call(const void* event, const Origin&) override { call_(function_.function, event); }

private:
    const KeptFunction function_;
    const Call call_;
};

class CoroutineHandler final : public Handler {
public:
    CoroutineHandler(KeptFunction function, Start start) : function_(share_function(function)), start_(start) {}
    void call(const void* event, const Origin& origin) override {
        auto function = function_;
        auto running = start_(function.get(), event);
        std::move(running).detach(origin, std::move(function));
    }

private:
    const std::shared_ptr<void> function_;  // shared with its running coroutines, which use its captures
    const Start start_;
};

}  // namespace

std::shared_ptr<void> share_function(KeptFunction function) {
    if (!function.destroy) return std::shared_ptr<void>(std::shared_ptr<void>(), function.function);
    return std::shared_ptr<void>(function.function, function.destroy);
}

Handler::~Handler() = default;

void Handler::end() noexcept {}

MadeHandler::MadeHandler() = default;
MadeHandler::MadeHandler(std::size_t of, Handler* owned) noexcept : event(of), handler(owned) {}
MadeHandler::MadeHandler(std::size_t of, KeptFunction function, Call call)
    : event(of), handler(new FunctionHandler(function, call)) {}
MadeHandler::MadeHandler(std::size_t of, KeptFunction function, Start start)
    : event(of), handler(new CoroutineHandler(function, start)) {}
MadeHandler::MadeHandler(MadeHandler&&) noexcept = default;
MadeHandler& MadeHandler::operator=(MadeHandler&&) noexcept = default;
MadeHandler::~MadeHandler() = default;

}  // namespace intent::detail
