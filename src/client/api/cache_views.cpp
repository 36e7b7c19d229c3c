// The views of the caches. Compiled with default visibility: a template is only as visible as its arguments, and the
// plain data among them, such as ids, is not marked with INTENT_API.
#include "client/api/awaiters.hpp"

#include <intent/client.hpp>

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

namespace {

template <class T>
concept IsStructure = requires {
    typename T::Raw;
};

template <class T>
auto& cache_of(detail::ClientContext& context) {
    if constexpr (IsStructure<T>) {
        return context.dispatcher().caches().of<typename T::Raw>();
    } else {
        return context.dispatcher().caches().of<T>();
    }
}

template <class T, class Raw>
T shown(Raw raw, detail::ClientContext& context) {
    if constexpr (IsStructure<T>) {
        return T(std::move(raw), context.ref());
    } else {
        return raw;
    }
}

}  // namespace

template <class T, class Id>
std::optional<T> CacheView<T, Id>::get(Id id) const {
    const auto context = context_.lock();
    if (!context) return std::nullopt;
    auto raw = cache_of<T>(*context).get(id);
    if (!raw) return std::nullopt;
    return shown<T>(*std::move(raw), *context);
}

template <class T, class Id>
std::vector<T> CacheView<T, Id>::all() const {
    std::vector<T> list;
    const auto context = context_.lock();
    if (!context) return list;
    for (auto& raw : cache_of<T>(*context).all())
        list.push_back(shown<T>(std::move(raw), *context));
    return list;
}

namespace {

// Few enough that events do not wait long for the lock, enough that it is seldom taken.
constexpr std::size_t entries_at_once = 32;

/// Calls `f` with each value whose id `accepts`, until it returns false. No lock is held during a call of `f`.
template <class T, class Accepts, class F>
void visit_cache(detail::ClientContext& context, Accepts accepts, F f) {
    const auto& cache = cache_of<T>(context);
    std::vector<typename std::remove_cvref_t<decltype(cache)>::Value> values;
    for (std::uint32_t position = 0; cache.read_some(position, entries_at_once, values, accepts);) {
        for (auto& raw : values)
            if (!f(shown<T>(std::move(raw), context))) return;
    }
}

}  // namespace

template <class T, class Id>
void CacheView<T, Id>::visit(void* state, bool (*f)(void* state, const T& value)) const {
    const auto context = context_.lock();
    if (!context) return;
    visit_cache<T>(
        *context, [](const Id&) { return true; }, [&](const T& value) { return f(state, value); });
}

template <class T, class Id>
std::vector<T> CacheView<T, Id>::of_server([[maybe_unused]] ServerId server) const {
    std::vector<T> found;
    if constexpr (requires(const T& value) { value.server_id; }) {
        const auto context = context_.lock();
        if (!context) return found;
        const auto accepts = [&](const Id& id) {
            if constexpr (std::is_same_v<Id, MemberId>) return id.server_id == server;
            return true;
        };
        visit_cache<T>(*context, accepts, [&](T&& value) {
            if (value.server_id == server) found.push_back(std::move(value));
            return true;
        });
    }
    return found;
}

template <class T, class Id>
std::size_t CacheView<T, Id>::size() const {
    const auto context = context_.lock();
    return context ? cache_of<T>(*context).size() : 0;
}

template class CacheView<Server, ServerId>;
template class CacheView<Channel, ChannelId>;
template class CacheView<User, UserId>;
template class CacheView<Member, MemberId>;
template class CacheView<Role, RoleId>;
template class CacheView<Message, MessageId>;
template class CacheView<raw::VoiceState, MemberId>;

}  // namespace intent
