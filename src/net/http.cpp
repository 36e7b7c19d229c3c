#include "net/http.hpp"

#include "net/impl/http_transfer.hpp"
#include "net/impl/loop_impl.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include <map>
#include <new>
#include <unordered_map>
#include <utility>

namespace intent::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr long max_connections_per_host = 32;
constexpr long max_kept_connections = 32;

// One of curl's sockets on our loop. The descriptor is curl's to close: it is released, never closed, here.
struct Watch : std::enable_shared_from_this<Watch> {
    Watch(asio::io_context& io, curl_socket_t socket_) : descriptor(io), socket(socket_) { descriptor.assign(socket_); }
    ~Watch() { release(); }

    void release() {
        wanted = CURL_POLL_NONE;
        if (descriptor.is_open()) descriptor.release();
    }

    asio::posix::stream_descriptor descriptor;
    const curl_socket_t socket;
    int wanted = CURL_POLL_NONE;
    bool waits_to_read = false;
    bool waits_to_write = false;
};

}  // namespace

struct HttpClient::Impl : std::enable_shared_from_this<HttpClient::Impl> {
    Impl(Loop& loop_, HttpOptions options_) : loop(loop_.impl()), options(std::move(options_)), timer(loop_) {
        static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (initialised != CURLE_OK || !(multi = curl_multi_init())) throw std::bad_alloc();
        curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket_wish);
        curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Impl::on_timer_wish);
        curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max_connections_per_host);
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, max_kept_connections);
    }

    ~Impl() { end(); }

    void end() {
        if (!multi) return;
        for (const auto& [id, running] : transfers)
            curl_multi_remove_handle(multi, running.transfer->easy());
        transfers.clear();
        finished.clear();
        curl_multi_cleanup(std::exchange(multi, nullptr));
        watches.clear();
        timer.cancel();
    }

    Id start(HttpRequest request, std::function<void(HttpResult)> done) {
        const Id id = ++last_id;
        auto transfer = std::make_unique<HttpTransfer>(std::move(request), options);
        if (!transfer->fault().empty()) {
            complete(id, HttpFailure{HttpFailure::Kind::broken, false, transfer->fault()}, std::move(done));
            return id;
        }
        CURL* const easy = transfer->easy();
        ids[easy] = id;
        transfers[id] = {std::move(transfer), std::move(done)};
        if (curl_multi_add_handle(multi, easy) != CURLM_OK) finish(easy, CURLE_OUT_OF_MEMORY);
        return id;
    }

    void cancel(Id id) {
        finished.erase(id);
        const auto found = transfers.find(id);
        if (found == transfers.end()) return;
        CURL* const easy = found->second.transfer->easy();
        curl_multi_remove_handle(multi, easy);
        ids.erase(easy);
        transfers.erase(found);
    }

    // Hands the result over from the loop, so that no user code runs inside curl or inside `start`, and one that throws
    // takes nothing of another's.
    void complete(Id id, HttpResult result, std::function<void(HttpResult)> done) {
        finished[id] = std::move(done);
        asio::post(loop.io, [weak = weak_from_this(), id, result = std::move(result)]() mutable {
            const auto self = weak.lock();
            if (!self) return;
            auto node = self->finished.extract(id);  // gone if it was cancelled meanwhile
            if (node && node.mapped()) node.mapped()(std::move(result));
        });
    }

    void finish(CURL* easy, CURLcode code) {
        const auto id = ids.extract(easy);
        if (!id) return;
        auto running = transfers.extract(id.mapped());
        curl_multi_remove_handle(multi, easy);
        complete(id.mapped(), running.mapped().transfer->result(code), std::move(running.mapped().done));
    }

    void act(curl_socket_t socket, int events) {
        int running = 0;
        curl_multi_socket_action(multi, socket, events, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left))
            if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }

    // --- what curl wants of the loop

    static int on_timer_wish(CURLM*, long timeout_ms, void* data) {
        auto& self = *static_cast<Impl*>(data);
        if (timeout_ms < 0) {
            self.timer.cancel();
            return 0;
        }
        self.timer.arm(now() + std::chrono::milliseconds(timeout_ms), [weak = self.weak_from_this()] {
            const auto impl = weak.lock();
            if (impl && impl->multi) impl->act(CURL_SOCKET_TIMEOUT, 0);
        });
        return 0;
    }

    static int on_socket_wish(CURL*, curl_socket_t socket, int wish, void* data, void*) {
        auto& self = *static_cast<Impl*>(data);
        const auto found = self.watches.find(socket);
        if (wish == CURL_POLL_REMOVE) {
            if (found == self.watches.end()) return 0;
            found->second->release();
            self.watches.erase(found);
            return 0;
        }
        try {
            auto& watch = found != self.watches.end() ? found->second : self.watches[socket];
            if (!watch) watch = std::make_shared<Watch>(self.loop.io, socket);
            watch->wanted = wish;
            self.wait(watch);
        } catch (...) {
            self.watches.erase(socket);
            return -1;  // curl fails the transfer
        }
        return 0;
    }

    void wait(const std::shared_ptr<Watch>& watch) {
        wait(watch, CURL_POLL_IN, asio::posix::descriptor_base::wait_read, watch->waits_to_read, CURL_CSELECT_IN);
        wait(watch, CURL_POLL_OUT, asio::posix::descriptor_base::wait_write, watch->waits_to_write, CURL_CSELECT_OUT);
    }

    void wait(const std::shared_ptr<Watch>& watch, int wish, asio::posix::descriptor_base::wait_type type, bool& waits,
              int event) {
        if ((watch->wanted & wish) == 0 || waits) return;
        waits = true;
        watch->descriptor.async_wait(type,
                                     [weak = weak_from_this(), watch, wish, &waits, event](const error_code& error) {
                                         waits = false;
                                         const auto self = weak.lock();
                                         if (!self || !self->multi || error == asio::error::operation_aborted) return;
                                         if ((watch->wanted & wish) == 0) return;  // curl has lost interest
                                         self->act(watch->socket, error ? CURL_CSELECT_ERR : event);
                                         if (self->multi) self->wait(watch);
                                     });
    }

    struct Running {
        std::unique_ptr<HttpTransfer> transfer;
        std::function<void(HttpResult)> done;
    };

    Loop::Impl& loop;
    const HttpOptions options;
    CURLM* multi = nullptr;
    Timer timer;
    Id last_id = 0;
    std::unordered_map<Id, Running> transfers;
    std::unordered_map<CURL*, Id> ids;
    std::unordered_map<Id, std::function<void(HttpResult)>> finished;  // whose `done` is on its way
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches;
};

HttpClient::HttpClient(Loop& loop, HttpOptions options) : impl_(std::make_shared<Impl>(loop, std::move(options))) {}

HttpClient::~HttpClient() { impl_->end(); }

HttpClient::Id HttpClient::start(HttpRequest request, std::function<void(HttpResult)> done) {
    return impl_->start(std::move(request), std::move(done));
}

void HttpClient::cancel(Id id) { impl_->cancel(id); }

}  // namespace intent::net
