// Copies, moves and destructors of the structures. Compiled with default visibility, as cache_views.cpp is.
#include <intent/channel.hpp>
#include <intent/invite.hpp>
#include <intent/member.hpp>
#include <intent/message.hpp>
#include <intent/role.hpp>
#include <intent/server.hpp>
#include <intent/structure.hpp>
#include <intent/user.hpp>
#include <intent/webhook.hpp>

#include <utility>

namespace intent::inline v0 {

template <class R>
Structure<R>::Structure() = default;
template <class R>
Structure<R>::Structure(Raw value, ClientRef client) : Raw(std::move(value)), client_(std::move(client)) {}
template <class R>
Structure<R>::Structure(ClientRef client) noexcept : client_(std::move(client)) {}
template <class R>
Structure<R>::Structure(const Structure&) = default;
template <class R>
Structure<R>::Structure(Structure&&) noexcept = default;
template <class R>
Structure<R>& Structure<R>::operator=(const Structure&) = default;
template <class R>
Structure<R>& Structure<R>::operator=(Structure&&) noexcept = default;
template <class R>
Structure<R>::~Structure() = default;

template class Structure<raw::Channel>;
template class Structure<raw::Invite>;
template class Structure<raw::Member>;
template class Structure<raw::Message>;
template class Structure<raw::Role>;
template class Structure<raw::Server>;
template class Structure<raw::User>;
template class Structure<raw::Webhook>;

}  // namespace intent
