#include "net/http.hpp"

#include "net/impl/curl_descriptors.hpp"
#include "net/impl/http_transfer.hpp"
#include "net/impl/loop_impl.hpp"
#include "net/impl/resolver.hpp"
#include "net/transit.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include <list>
#include <map>
#include <new>
#include <optional>
#include <unordered_map>
#include <utility>

namespace intent::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr long max_connections_per_host = 32;
constexpr long max_kept_connections = 32;
// A kept connection needs no look-up, so a request waits for one only if no answer is known. An outdated answer costs
// one failed try: stale answers are looked up again.
constexpr auto max_answer_age = std::chrono::hours(1);
constexpr auto fresh_answer_age = std::chrono::seconds(60);

/// A request's Transit, from its start until its answer has been handled.
class RequestInTransit {
public:
    explicit RequestInTransit(const std::shared_ptr<VirtualClock>& clock)
        : transit_(Transit::open(clock, Work::request)) {}
    ~RequestInTransit() { transit_->gone(Transit::End::client); }
    RequestInTransit(const RequestInTransit&) = delete;
    RequestInTransit& operator=(const RequestInTransit&) = delete;
    std::string number() const { return transit_->number(); }

private:
    const std::shared_ptr<Transit> transit_;
};

// One of curl's sockets on our loop. curl owns the descriptor: it is released here, never closed.
struct Watch : std::enable_shared_from_this<Watch> {
    Watch(asio::io_context& io, curl_socket_t socket_) : descriptor(io), socket(socket_) {}
    ~Watch() { release(); }

    void release() noexcept {
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

// No exception may pass through curl's frames: curl would stay in its "inside a call" state forever. So callbacks from
// curl are noexcept and only record requests, and `settle` executes them after curl has returned.
struct HttpClient::Impl : std::enable_shared_from_this<HttpClient::Impl> {
    Impl(Loop& loop_, HttpOptions options_)
        : outer(loop_), loop(loop_.impl()), options(std::move(options_)), timer(loop_, Timer::Kind::real) {
        static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (initialised != CURLE_OK || !(multi = make_multi())) throw std::bad_alloc();
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
        for (const auto& running : transfers)
            if (running.in_curl) curl_multi_remove_handle(multi, running.transfer->easy());
        index.clear();
        transfers.clear();
        ended.clear();
        curl_multi_cleanup(std::exchange(multi, nullptr));
        watches.clear();
        timer.cancel();
    }

    struct Running {
        Id id = 0;
        std::unique_ptr<HttpTransfer> transfer;
        std::function<void(HttpResult)> done;
        std::unique_ptr<Timer> look_up_deadline = {};  // while its host is looked up
        Time give_up_at = {};
        // With a virtual clock, the request times out by it too: a server may hold the answer back until then.
        std::unique_ptr<RequestInTransit> transit = {};
        std::unique_ptr<Timer> virtual_deadline = {};
        bool in_curl = false;
        HttpResult result = {};  // once it has ended
    };
    using Transfers = std::list<Running>;

    Id start(HttpRequest request, std::function<void(HttpResult)> done) {
        const Id id = ++last_id;
        const Time give_up_at = now() + request.timeout;
        const Duration timeout = request.timeout;
        auto transit = outer.clock() ? std::make_unique<RequestInTransit>(outer.clock()) : nullptr;
        if (transit) request.headers.emplace_back(Transit::header, transit->number());
        auto transfer = std::make_unique<HttpTransfer>(id, std::move(request), options);
        const auto place = transfers.insert(transfers.end(), {id, std::move(transfer), std::move(done)});
        place->give_up_at = give_up_at;
        place->transit = std::move(transit);
        index.emplace(id, place);
        if (place->transit) follow_clock(*place, timeout);
        begin(*place);
        settle();
        return id;
    }

    void follow_clock(Running& running, Duration timeout) {
        running.virtual_deadline = std::make_unique<Timer>(outer);
        running.virtual_deadline->arm(outer.now() + timeout, [weak = weak_from_this(), id = running.id] {
            const auto self = weak.lock();
            if (!self) return;
            self->finish(id, CURLE_OPERATION_TIMEDOUT);
            self->settle();
        });
    }

    void begin(Running& running) {
        const auto& transfer = *running.transfer;
        if (!transfer.fault().empty()) return finish(running.id, CURLE_BAD_FUNCTION_ARGUMENT);
        const auto& host = transfer.host_to_look_up();
        if (host.empty()) return add(running);
        auto& resolver = Resolver::shared();
        const auto known = resolver.known(host);
        if (known && known->age < max_answer_age) {
            running.transfer->connect_to(known->addresses);
            add(running);
            if (known->age > fresh_answer_age) resolver.look_up(host, weak_from_this(), [](const auto&) {});
            return;
        }
        running.look_up_deadline = std::make_unique<Timer>(outer, Timer::Kind::real);
        running.look_up_deadline->arm(running.give_up_at, [weak = weak_from_this(), id = running.id] {
            const auto self = weak.lock();
            if (self) self->on_look_up_deadline(id);
        });
        resolver.look_up(host, weak_from_this(),
                         [gate = loop.gate, weak = weak_from_this(), id = running.id](const auto& answer) {
                             gate->post([weak, id, answer] {
                                 if (const auto self = weak.lock()) self->on_looked_up(id, answer);
                             });
                         });
    }

    void on_look_up_deadline(Id id) {
        if (const auto found = index.find(id); found != index.end())
            found->second->transfer->note_fault("no answer to the name look-up in time");
        finish(id, CURLE_OPERATION_TIMEDOUT);
        settle();
    }

    void on_looked_up(Id id, const Resolver::Answer& answer) {
        const auto found = index.find(id);
        if (found == index.end()) return;
        Running& running = *found->second;
        running.look_up_deadline.reset();
        if (answer.error.empty()) {
            running.transfer->connect_to(answer.addresses);
            running.transfer->limit_time(running.give_up_at - now());
            add(running);
        } else {
            running.transfer->note_fault(answer.error);
            finish(id, CURLE_COULDNT_RESOLVE_HOST);
        }
        settle();
    }

    void add(Running& running) {
        if (curl_multi_add_handle(multi, running.transfer->easy()) != CURLM_OK)
            return finish(running.id, CURLE_OUT_OF_MEMORY);
        running.in_curl = true;
    }

    void cancel(Id id) noexcept {
        ended.remove_if([id](const Running& running) { return running.id == id; });
        const auto found = index.find(id);
        if (found == index.end()) return;
        const auto place = found->second;
        if (place->in_curl) curl_multi_remove_handle(multi, place->transfer->easy());
        index.erase(found);
        transfers.erase(place);
    }

    // Ends a transfer; `settle` arranges the call of its `done`.
    void finish(Id id, CURLcode code) noexcept {
        const auto found = index.find(id);
        if (found == index.end()) return;
        const auto place = found->second;
        index.erase(found);
        if (std::exchange(place->in_curl, false)) curl_multi_remove_handle(multi, place->transfer->easy());
        place->look_up_deadline.reset();
        place->virtual_deadline.reset();
        place->result = place->transfer->result(code);
        ended.splice(ended.end(), transfers, place);
    }

    void act(curl_socket_t socket, int events) {
        int running = 0;
        curl_multi_socket_action(multi, socket, events, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left))
            if (message->msg == CURLMSG_DONE) finish(HttpTransfer::of(message->easy_handle).id(), message->data.result);
        settle();
    }

    // Executes curl's requests.
    void settle() {
        if (!multi) return;
        fail_broken();
        if (timer_wish) {
            set_timer(*timer_wish);
            timer_wish.reset();
        }
        if (watches_changed) {
            for (const auto& [socket, watch] : watches)
                wait(watch);
            watches_changed = false;
        }
        // Posted to the loop, so that no user code runs inside curl or inside `start`. One post per callback, so that
        // one that throws does not affect the others.
        while (deliveries < ended.size()) {
            asio::post(loop.io, [weak = weak_from_this()] {
                if (const auto self = weak.lock()) self->deliver();
            });
            ++deliveries;
        }
    }

    void fail_broken() {
        while (std::exchange(broken, false)) {
            for (auto next = transfers.begin(); next != transfers.end();) {
                const auto place = next++;
                if (!place->transfer->fault().empty()) finish(place->id, CURLE_FAILED_INIT);
            }
        }
    }

    void deliver() {
        --deliveries;
        if (ended.empty()) return;  // cancelled meanwhile
        const auto done = std::move(ended.front().done);
        auto result = std::move(ended.front().result);
        const auto transit = std::move(ended.front().transit);  // until `done` has returned
        ended.pop_front();
        if (done) done(std::move(result));
    }

    void set_timer(long timeout_ms) {
        if (timeout_ms < 0) return timer.cancel();
        timer.arm(now() + std::chrono::milliseconds(timeout_ms), [weak = weak_from_this()] {
            const auto impl = weak.lock();
            if (impl && impl->multi) impl->act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    // Callbacks from curl.

    static int on_timer_wish(CURLM*, long timeout_ms, void* data) noexcept {
        static_cast<Impl*>(data)->timer_wish = timeout_ms;
        return 0;
    }

    static int on_socket_wish(CURL* easy, curl_socket_t socket, int wish, void* data, void*) noexcept {
        auto& self = *static_cast<Impl*>(data);
        if (wish == CURL_POLL_REMOVE) {
            if (const auto found = self.watches.find(socket); found != self.watches.end()) {
                found->second->release();
                self.watches.erase(found);
            }
            return 0;
        }
        auto& watch = self.watches[socket];
        if (!watch) {
            watch = std::make_shared<Watch>(self.loop.io, socket);
            error_code error;
            watch->descriptor.assign(socket, error);
            if (error) {  // returning an error would make curl fail every transfer
                HttpTransfer::of(easy).note_fault("cannot wait for its socket: " + error.message());
                self.broken = true;
            }
        }
        watch->wanted = wish;
        self.watches_changed = true;
        return 0;
    }

    void wait(const std::shared_ptr<Watch>& watch) {
        wait(watch, CURL_POLL_IN, asio::posix::descriptor_base::wait_read, watch->waits_to_read, CURL_CSELECT_IN);
        wait(watch, CURL_POLL_OUT, asio::posix::descriptor_base::wait_write, watch->waits_to_write, CURL_CSELECT_OUT);
    }

    void wait(const std::shared_ptr<Watch>& watch, int wish, asio::posix::descriptor_base::wait_type type, bool& waits,
              int event) {
        if ((watch->wanted & wish) == 0 || waits) return;
        watch->descriptor.async_wait(type,
                                     [weak = weak_from_this(), watch, wish, &waits, event](const error_code& error) {
                                         waits = false;
                                         const auto self = weak.lock();
                                         if (!self || !self->multi || error == asio::error::operation_aborted) return;
                                         if ((watch->wanted & wish) == 0) return;  // curl no longer waits for this
                                         self->watches_changed = true;             // wait for it again
                                         self->act(watch->socket, error ? CURL_CSELECT_ERR : event);
                                     });
        waits = true;
    }

    Loop& outer;
    Loop::Impl& loop;
    const HttpOptions options;
    CURLM* multi = nullptr;
    Timer timer;
    Id last_id = 0;
    Transfers transfers;
    Transfers ended;                                    // their `done` is pending
    std::unordered_map<Id, Transfers::iterator> index;  // of `transfers`
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches;

    // Requests from curl since the last `settle`.
    std::optional<long> timer_wish;
    bool watches_changed = false;
    bool broken = false;  // a transfer has a fault

    std::size_t deliveries = 0;  // posted
};

HttpClient::HttpClient(Loop& loop, HttpOptions options) : impl_(std::make_shared<Impl>(loop, std::move(options))) {}

HttpClient::~HttpClient() { impl_->end(); }

HttpClient::Id HttpClient::start(HttpRequest request, std::function<void(HttpResult)> done) {
    return impl_->start(std::move(request), std::move(done));
}

void HttpClient::cancel(Id id) {
    impl_->cancel(id);
    impl_->settle();
}

}  // namespace intent::net
