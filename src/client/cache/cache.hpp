// The caches of a client: bounded, the least recently used entry is dropped first.
#pragma once

#include "client/cache/bytes.hpp"
#include "client/cache/packed.hpp"

#include <intent/raw/member.hpp>
#include <intent/raw/voice.hpp>
#include <intent/snowflake.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::client {

/// The key of a value in its cache: its `id`.
template <class Raw>
struct CacheKey : NothingKnown {
    using Id = decltype(Raw::id);
    static Id of(const Raw& value) noexcept { return value.id; }

    // Stored once, with the key.
    using NothingKnown::holds;
    static constexpr bool holds(Id Raw::*member) noexcept { return member == &Raw::id; }
    static void give(Raw& value, Id id) noexcept { value.id = id; }
};

/// What an entry holds in addition to its own bytes: nothing, except for members.
template <class Raw>
struct BesideBytes {
    friend bool operator==(const BesideBytes&, const BesideBytes&) = default;
};

/// A member has no `id`; its key is server and user.
template <>
struct CacheKey<raw::Member> : NothingKnown {
    using Id = MemberId;
    static Id of(const raw::Member& member) noexcept { return {member.server_id, member.user.id}; }

    using NothingKnown::holds;
    static constexpr bool holds(ServerId raw::Member::*member) noexcept { return member == &raw::Member::server_id; }
    static constexpr bool holds(raw::User raw::Member::*) noexcept { return true; }
    static void give(raw::Member& member, Id id) noexcept {
        member.server_id = id.server_id;
        member.user.id = id.user_id;
    }
};

/// The user of a member: the bytes of the cached user, which the member keeps when the user is evicted or changes.
template <>
struct BesideBytes<raw::Member> {
    SharedBytes user = {};
    friend bool operator==(const BesideBytes& a, const BesideBytes& b) { return a.user.view() == b.user.view(); }
};

/// A voice state has no `id`; a user is in at most one channel of a server.
template <>
struct CacheKey<raw::VoiceState> : NothingKnown {
    using Id = MemberId;
    static Id of(const raw::VoiceState& state) noexcept { return {state.server_id, state.user_id}; }

    using NothingKnown::holds;
    static constexpr bool holds(ServerId raw::VoiceState::*member) noexcept {
        return member == &raw::VoiceState::server_id;
    }
    static constexpr bool holds(UserId raw::VoiceState::*member) noexcept {
        return member == &raw::VoiceState::user_id;
    }
    static void give(raw::VoiceState& state, Id id) noexcept {
        state.server_id = id.server_id;
        state.user_id = id.user_id;
    }
};

struct CacheHash {
    template <class Tag>
    std::size_t operator()(Snowflake<Tag> id) const noexcept {
        return std::hash<Snowflake<Tag>>{}(id);
    }
    std::size_t operator()(MemberId id) const noexcept {
        return (*this)(id.server_id) * 0x9e37'79b9'7f4a'7c15U ^ (*this)(id.user_id);
    }
};

/// A cache of packed raw values by id. A bot may cache hundreds of thousands of values but reads few of them. With
/// limit 0 it stores nothing.
///
/// Threads: safe.
template <class Raw>
class Cache {
public:
    using Value = Raw;
    using Key = CacheKey<Raw>;
    using Id = typename Key::Id;

    explicit Cache(std::size_t limit) : limit_(std::min<std::size_t>(limit, none - 1)) {}

    bool off() const noexcept { return limit_ == 0; }

    /// Members refer to the users in that cache, which must live as long.
    void refer_to(Cache<raw::User>& users) noexcept requires std::is_same_v<Raw, raw::Member> { users_ = &users; }

    /// Adds or replaces a value.
    void put(const Raw& value) {
        if (off()) return;
        auto beside = beside_of(value);
        const std::lock_guard lock(mutex_);
        store(value, std::move(beside), find(Key::of(value)));
    }

    /// Returns the packed bytes of a user: those of the cached one, if it is the same.
    SharedBytes share(const raw::User& user) requires std::is_same_v<Raw, raw::User> {
        const std::lock_guard lock(mutex_);
        const Index found = find(user.id);
        if (found != none && packs_as<Key>(node(found).packed.view(), user)) return node(found).packed;
        scratch_.clear();
        Packer<Key>(scratch_).add(user);
        SharedBytes bytes(scratch_);
        limit_scratch();
        return bytes;
    }

    /// Adds or replaces a value and returns the previous one.
    std::optional<Raw> exchange(const Raw& value) {
        if (off()) return std::nullopt;
        auto beside = beside_of(value);
        const std::lock_guard lock(mutex_);
        const Index found = find(Key::of(value));
        std::optional<Raw> before;
        if (found != none) before = value_of(node(found));
        store(value, std::move(beside), found);
        return before;
    }

    std::optional<Raw> take(Id id) {
        const std::lock_guard lock(mutex_);
        const Index found = find(id);
        if (found == none) return std::nullopt;
        std::optional<Raw> value = value_of(node(found));
        erase(found);
        return value;
    }

    std::optional<Raw> get(Id id) {
        const std::lock_guard lock(mutex_);
        const Index found = find(id);
        if (found == none) return std::nullopt;
        touch(found);
        return value_of(node(found));
    }

    /// Returns the values, most recently used first.
    std::vector<Raw> all() const {
        std::vector<Raw> values;
        const std::lock_guard lock(mutex_);
        values.reserve(size_);
        for (Index at = newest_; at != none; at = node(at).older)
            values.push_back(value_of(node(at)));
        return values;
    }

    /// A position for `read_some`: 0 at the beginning.
    using Position = std::uint32_t;

    /// Replaces `values` with up to `count` values whose id `accepts`, from `position` on, which moves behind them.
    /// Returns false at the end. A value that stays in the cache keeps its position, so repeated calls return it once,
    /// whatever changes between them. `accepts` runs under the lock, which is held for a bounded number of values.
    template <class Accepts>
    bool read_some(Position& position, std::size_t count, std::vector<Raw>& values, Accepts accepts) const {
        values.clear();
        const std::lock_guard lock(mutex_);
        if (position >= made_) return false;
        const Index end = std::min(made_, position + read_at_once);
        for (; position < end && values.size() < count; ++position) {
            const Node& one = node(position);
            if (one.packed && accepts(one.id)) values.push_back(value_of(one));
        }
        return true;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return size_;
    }

    void clear() {
        const std::lock_guard lock(mutex_);
        forget_all();
    }

    /// Removes and returns the values that `gone` selects.
    template <class Predicate>
    std::vector<Raw> take_if(Predicate gone) {
        std::vector<Raw> taken;
        const std::lock_guard lock(mutex_);
        for (Index at = newest_; at != none;) {
            const Index next = node(at).older;
            Raw value = value_of(node(at));
            if (gone(std::as_const(value))) {
                erase(at);
                taken.push_back(std::move(value));
            }
            at = next;
        }
        return taken;
    }

private:
    using Index = std::uint32_t;
    static constexpr Index none = 0xffff'ffff;
    static constexpr Index piece_nodes = 64;

    using Beside = BesideBytes<Raw>;
    using Bytes = std::conditional_t<std::is_same_v<Raw, raw::User>, SharedBytes, OwnBytes>;

    struct Node {
        Id id{};
        Index newer = none;  // this and the next: neighbors in the order of use
        Index older = none;
        Index same_slot = none;  // the next with this hash; for a free node, the next free one
        Bytes packed = {};
        [[no_unique_address]] Beside beside = {};
    };

    static Raw value_of(const Node& node) {
        Raw value = unpack<Raw, Key>(node.packed.view());
        if constexpr (std::is_same_v<Raw, raw::Member>)
            value.user = unpack<raw::User, CacheKey<raw::User>>(node.beside.user.view());
        Key::give(value, node.id);
        return value;
    }

    /// Called without the lock, because it takes that of the users.
    Beside beside_of(const Raw& value) {
        if constexpr (std::is_same_v<Raw, raw::Member>) {
            return {users_ != nullptr ? users_->share(value.user) : Cache<raw::User>(0).share(value.user)};
        } else {
            return {};
        }
    }

    Node& node(Index at) const noexcept { return pieces_[at / piece_nodes][at % piece_nodes]; }

    std::size_t slot_of(Id id) const noexcept {
        return (CacheHash{}(id)*0x9e37'79b9'7f4a'7c15U >> 32) & (slots_.size() - 1);
    }

    Index find(Id id) const noexcept {
        if (slots_.empty()) return none;
        Index at = slots_[slot_of(id)];
        while (at != none && !(node(at).id == id))
            at = node(at).same_slot;
        return at;
    }

    /// `found`: the node that already has the value's id.
    void store(const Raw& value, Beside beside, Index found) {
        // The usual case: the author of a message, who has not changed.
        if (found != none && packs_as<Key>(node(found).packed.view(), value) && node(found).beside == beside) {
            node(found).beside = std::move(beside);  // perhaps shared now
            return touch(found);
        }
        scratch_.clear();
        Packer<Key>(scratch_).add(value);
        Bytes packed(scratch_);
        if (found == none) {
            found = add(Key::of(value));
        } else {
            touch(found);
        }
        node(found).packed = std::move(packed);
        node(found).beside = std::move(beside);
        if (size_ > limit_) erase(oldest_);
        limit_scratch();
    }

    void limit_scratch() {
        if (scratch_.capacity() > kept_scratch) scratch_ = {};
    }

    Index add(Id id) {
        if (size_ >= slots_.size()) rehash(std::max<std::size_t>(16, slots_.size() * 2));
        Index at = free_;
        if (at != none) {
            free_ = node(at).same_slot;
        } else {
            if (made_ == pieces_.size() * piece_nodes) pieces_.push_back(std::make_unique<Node[]>(piece_nodes));
            at = made_++;
        }
        Index& slot = slots_[slot_of(id)];
        node(at).id = id;
        node(at).same_slot = std::exchange(slot, at);
        push_front(at);
        ++size_;
        return at;
    }

    void erase(Index at) {
        Index* link = &slots_[slot_of(node(at).id)];
        while (*link != at)
            link = &node(*link).same_slot;
        *link = node(at).same_slot;
        unlink(at);
        node(at).packed.reset();
        node(at).beside = {};
        node(at).same_slot = std::exchange(free_, at);
        if (--size_ == 0) forget_all();
    }

    void rehash(std::size_t slots) {
        std::vector<Index> fresh(slots, none);
        slots_.swap(fresh);
        for (Index at = newest_; at != none; at = node(at).older)
            node(at).same_slot = std::exchange(slots_[slot_of(node(at).id)], at);
    }

    void touch(Index at) {
        if (at == newest_) return;
        unlink(at);
        push_front(at);
    }

    void push_front(Index at) {
        node(at).newer = none;
        node(at).older = newest_;
        (newest_ == none ? oldest_ : node(newest_).newer) = at;
        newest_ = at;
    }

    void unlink(Index at) {
        const Node& gone = node(at);
        (gone.newer == none ? newest_ : node(gone.newer).older) = gone.older;
        (gone.older == none ? oldest_ : node(gone.older).newer) = gone.newer;
    }

    void forget_all() {
        std::vector<std::unique_ptr<Node[]>>().swap(pieces_);
        std::vector<Index>().swap(slots_);
        made_ = 0;
        newest_ = oldest_ = free_ = none;
        size_ = 0;
    }

    static constexpr std::size_t kept_scratch = 4096;
    static constexpr Index read_at_once = 4096;

    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Node[]>>
        pieces_;                // of the nodes: growing never needs an old and a new copy of all nodes
    Index made_ = 0;            // nodes ever used
    std::vector<Index> slots_;  // the first node for each hash; the size is a power of two
    Index newest_ = none;
    Index oldest_ = none;
    Index free_ = none;
    std::size_t size_ = 0;
    std::string scratch_;
    Cache<raw::User>* users_ = nullptr;  // of members
};

}  // namespace intent::client
