#include "client/api/io_thread.hpp"

#include <thread>

namespace intent::inline v0 {

struct IoThread::Impl {
    std::shared_ptr<net::Loop> loop;
};

IoThread::IoThread() : impl_(new Impl) {
    // The last client may end on this thread, which cannot join itself: another thread joins it.
    impl_->loop = std::shared_ptr<net::Loop>(new net::Loop, [](net::Loop* loop) {
        if (loop->on_thread()) {
            std::thread([loop] { delete loop; }).detach();
        } else {
            delete loop;
        }
    });
    impl_->loop->start();
}

IoThread::~IoThread() = default;

std::shared_ptr<net::Loop> detail::IoThreadLoop::of(const IoThread& thread) { return thread.impl_->loop; }

}  // namespace intent
