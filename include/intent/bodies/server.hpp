// Arguments of calls about servers and channels.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/raw/channel.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace raw {
struct NewServer;    // complete in <intent/raw/bodies.hpp>
struct ServerEdit;   // complete in <intent/raw/bodies.hpp>
struct NewChannel;   // complete in <intent/raw/bodies.hpp>
struct ChannelEdit;  // complete in <intent/raw/bodies.hpp>
}

/// A new server: name 2-100 code points, description at most 500 (protocol §8, §9).
class INTENT_API NewServer : public detail::Body<raw::NewServer> {
public:
    /// A server of this name.
    NewServer(std::string name);  // NOLINT(google-explicit-constructor)
    NewServer(const char* name);  // NOLINT(google-explicit-constructor)
    /// At most 500 code points.
    NewServer& description(std::string text);
    /// An image as base64.
    NewServer& icon(std::string base64);
};

/// Changes to a server; unset fields stay unchanged. At least one must be set.
class INTENT_API ServerEdit : public detail::Body<raw::ServerEdit> {
public:
    ServerEdit() = default;
    /// 2-100 code points.
    ServerEdit& name(std::string text);
    /// At most 500 code points; `std::nullopt` removes the description.
    ServerEdit& description(std::optional<std::string> text);
};

/// A new channel: name 1-100 code points, topic at most 1024 (protocol §8, §9).
class INTENT_API NewChannel : public detail::Body<raw::NewChannel> {
public:
    /// A channel of this name.
    NewChannel(std::string name, ChannelType type = ChannelType::text);  // NOLINT(google-explicit-constructor)
    NewChannel(const char* name, ChannelType type = ChannelType::text);  // NOLINT(google-explicit-constructor)
    /// `std::nullopt`: no topic.
    NewChannel& topic(std::optional<std::string> text);
    /// Its place among the server's channels.
    NewChannel& position(int index);
    /// The category that holds the channel; `std::nullopt`: no category.
    NewChannel& parent(std::optional<ChannelId> id);
};

/// Changes to a channel; unset fields stay unchanged. At least one must be set.
class INTENT_API ChannelEdit : public detail::Body<raw::ChannelEdit> {
public:
    ChannelEdit() = default;
    /// 1-100 code points.
    ChannelEdit& name(std::string text);
    /// At most 1024 code points; `std::nullopt` removes the topic.
    ChannelEdit& topic(std::optional<std::string> text);
    /// Its place among the server's channels.
    ChannelEdit& position(int index);
    /// Moves the channel into a category; `std::nullopt` takes it out of its category.
    ChannelEdit& parent(std::optional<ChannelId> id);
};

}  // namespace intent
