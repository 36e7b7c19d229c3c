#include "relay/broker/impl/key_watch.hpp"

#include "net/clock.hpp"
#include "relay/broker/errors.hpp"

#include <utility>

namespace intent::relay::broker {
namespace {

using std::chrono::milliseconds;

constexpr int looks_after_hint = 3;
constexpr milliseconds between_looks{30};
constexpr milliseconds idle_look{5'000};

}  // namespace

KeyWatch::KeyWatch(const KeyValue& bucket, const std::shared_ptr<Connection>& connection, std::string key,
                   std::string subject, std::function<void(const Entry&)> changed)
    : bucket_(bucket),
      connection_(connection->impl().shared_from_this()),
      key_(std::move(key)),
      subject_(std::move(subject)),
      changed_(std::move(changed)) {}

void KeyWatch::open() {
    const auto weak = weak_from_this();
    alarm_.emplace(connection_->loop, [weak] {
        if (const auto self = weak.lock()) self->look();
    });
    listener_ = registration(connection_->listen([weak](ConnectionChange change) {
        const auto self = weak.lock();
        if (self && change == ConnectionChange::connected) self->hint();
    }));
    hints_ = connection_->subscribe(
        subject_, {},
        [weak](const Message&) {
            if (const auto self = weak.lock()) self->hint();
        },
        1'000);
    hint();
}

void KeyWatch::close() {
    gate_.close();
    listener_.reset();
    hints_.reset();
    const std::lock_guard lock(mutex_);
    // Here, because the last share of the connection must not end on a thread of the library.
    bucket_.reset();
}

void KeyWatch::hint() {
    {
        const std::lock_guard lock(mutex_);
        looks_ = looks_after_hint;
    }
    look();
}

void KeyWatch::look() {
    std::optional<KeyValue> bucket;
    {
        const std::lock_guard lock(mutex_);
        if (!bucket_) return;
        if (reading_) {
            again_ = true;
            return;
        }
        reading_ = true;
        again_ = false;
        if (looks_ > 0) --looks_;
        bucket = bucket_;
    }
    try {
        bucket->get(key_, [weak = weak_from_this()](Read read) {
            if (const auto self = weak.lock()) self->on_read(std::move(read));
        });
    } catch (const Error&) {
        // The connection is closed.
        const std::lock_guard lock(mutex_);
        reading_ = false;
    }
}

void KeyWatch::on_read(Read read) {
    bool at_once = false;
    bool is_new = false;
    {
        const std::lock_guard lock(mutex_);
        reading_ = false;
        at_once = again_;
        if (read.entry && read.entry->revision > revision_) {
            revision_ = read.entry->revision;
            is_new = true;
        }
        if (!at_once) alarm_->set(net::now() + (looks_ > 0 ? between_looks : idle_look));
    }
    if (is_new) gate_.enter([&] { changed_(*read.entry); });
    if (at_once) look();
}

}  // namespace intent::relay::broker
