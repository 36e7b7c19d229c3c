// The bot's function that makes the offer of a voice connection.
#pragma once

#include <intent/events.hpp>
#include <intent/task.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

class OfferMaker {
public:
    virtual ~OfferMaker() = default;
    /// Returns the SDP of the offer. `server` and this object must outlive the task.
    virtual task<std::string> make(const VoiceServerUpdate& server) = 0;
};

template <class F>
class OfferFunction final : public OfferMaker {
public:
    explicit OfferFunction(F function) : function_(std::move(function)) {}
    task<std::string> make(const VoiceServerUpdate& server) override {
        if constexpr (is_task<std::invoke_result_t<F&, const VoiceServerUpdate&>>::value) {
            return function_(server);
        } else {
            return made(function_(server));
        }
    }

private:
    static task<std::string> made(std::string offer) { co_return offer; }
    F function_;
};

template <class F>
concept MakesOffer = std::is_invocable_r_v<std::string, F&, const VoiceServerUpdate&> ||
    std::is_invocable_r_v<task<std::string>, F&, const VoiceServerUpdate&>;

}  // namespace intent::detail
