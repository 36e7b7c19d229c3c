// Arguments of calls about servers and channels.
#pragma once

#include <intent/raw/channel.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent {

/// A new server: name 2-100 code points, description at most 500 (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewServer {
public:
    NewServer(std::string name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
    NewServer(const char* name) : name_(name) {}             // NOLINT(google-explicit-constructor)
    NewServer& description(std::string text) & { return description_ = std::move(text), *this; }
    NewServer&& description(std::string text) && { return std::move(description(std::move(text))); }
    /// An image as base64.
    NewServer& icon(std::string base64) & { return icon_ = std::move(base64), *this; }
    NewServer&& icon(std::string base64) && { return std::move(icon(std::move(base64))); }

    const std::string& name() const noexcept { return name_; }
    const std::optional<std::string>& description() const noexcept { return description_; }
    const std::optional<std::string>& icon() const noexcept { return icon_; }

private:
    std::string name_;
    std::optional<std::string> description_ = {};
    std::optional<std::string> icon_ = {};
};

/// Changes to a server; unset fields stay unchanged. At least one must be set.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ServerEdit {
public:
    ServerEdit() = default;
    ServerEdit& name(std::string text) & { return name_ = std::move(text), *this; }
    ServerEdit&& name(std::string text) && { return std::move(name(std::move(text))); }
    ServerEdit& description(std::string text) & { return description_ = std::move(text), *this; }
    ServerEdit&& description(std::string text) && { return std::move(description(std::move(text))); }

    const std::optional<std::string>& name() const noexcept { return name_; }
    const std::optional<std::string>& description() const noexcept { return description_; }

private:
    std::optional<std::string> name_ = {};
    std::optional<std::string> description_ = {};
};

/// A new channel: name 1-100 code points, topic at most 1024 (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewChannel {
public:
    NewChannel(std::string name, ChannelType type = ChannelType::text)  // NOLINT(google-explicit-constructor)
        : name_(std::move(name)), type_(type) {}
    NewChannel(const char* name, ChannelType type = ChannelType::text)  // NOLINT(google-explicit-constructor)
        : name_(name), type_(type) {}
    NewChannel& topic(std::string text) & { return topic_ = std::move(text), *this; }
    NewChannel&& topic(std::string text) && { return std::move(topic(std::move(text))); }
    NewChannel& position(int index) & { return position_ = index, *this; }
    NewChannel&& position(int index) && { return std::move(position(index)); }

    const std::string& name() const noexcept { return name_; }
    ChannelType type() const noexcept { return type_; }
    const std::optional<std::string>& topic() const noexcept { return topic_; }
    std::optional<int> position() const noexcept { return position_; }

private:
    std::string name_;
    ChannelType type_;
    std::optional<std::string> topic_ = {};
    std::optional<int> position_ = {};
};

/// Changes to a channel; unset fields stay unchanged. At least one must be set.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ChannelEdit {
public:
    ChannelEdit() = default;
    ChannelEdit& name(std::string text) & { return name_ = std::move(text), *this; }
    ChannelEdit&& name(std::string text) && { return std::move(name(std::move(text))); }
    ChannelEdit& topic(std::string text) & { return topic_ = std::move(text), *this; }
    ChannelEdit&& topic(std::string text) && { return std::move(topic(std::move(text))); }
    ChannelEdit& position(int index) & { return position_ = index, *this; }
    ChannelEdit&& position(int index) && { return std::move(position(index)); }

    const std::optional<std::string>& name() const noexcept { return name_; }
    const std::optional<std::string>& topic() const noexcept { return topic_; }
    std::optional<int> position() const noexcept { return position_; }

private:
    std::optional<std::string> name_ = {};
    std::optional<std::string> topic_ = {};
    std::optional<int> position_ = {};
};

}  // namespace intent
