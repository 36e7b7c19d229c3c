#include "relay/worker/mailbox.hpp"

#include "net/loop.hpp"

namespace intent::relay {

template <class Add>
void Mailbox::add(Add add) {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr) return;
    add(batch_);
    if (std::exchange(posted_, true)) return;
    loop_->post([self = shared_from_this()] { self->pass_on(); });
}

void Mailbox::on_delivered(broker::Delivery delivery) {
    add([&](Batch& batch) { batch.delivered.push_back(std::move(delivery)); });
}

void Mailbox::on_finished(std::uint64_t sequence, Outcome outcome) {
    add([&](Batch& batch) { batch.finished.emplace_back(sequence, outcome); });
}

void Mailbox::on_change(broker::Message message) {
    add([&](Batch& batch) { batch.changes.push_back(std::move(message)); });
}

void Mailbox::pass_on() {
    Batch batch;
    {
        const std::lock_guard lock(mutex_);
        posted_ = false;
        if (loop_ == nullptr) return;
        batch = std::exchange(batch_, {});
    }
    take_(std::move(batch));
}

void Mailbox::close() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
    batch_ = {};
}

HeldDispatch::~HeldDispatch() {
    const auto mailbox = mailbox_.lock();
    if (!mailbox) return;
    try {
        mailbox->on_finished(sequence_, failed()      ? Outcome::failed
                                        : abandoned() ? Outcome::abandoned
                                                      : Outcome::handled);
    } catch (...) {  // out of memory: the broker delivers it again
    }
}

}  // namespace intent::relay
