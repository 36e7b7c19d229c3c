#include "net/impl/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace intent::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_known = 64;

std::optional<asio::ip::address> address_of(const addrinfo& entry) {
    if (entry.ai_family == AF_INET && entry.ai_addrlen >= sizeof(sockaddr_in)) {
        sockaddr_in address{};
        std::memcpy(&address, entry.ai_addr, sizeof address);
        return asio::ip::address_v4(ntohl(address.sin_addr.s_addr));
    }
    if (entry.ai_family == AF_INET6 && entry.ai_addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 address{};
        std::memcpy(&address, entry.ai_addr, sizeof address);
        asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &address.sin6_addr, bytes.size());
        return asio::ip::address_v6(bytes, address.sin6_scope_id);
    }
    return std::nullopt;
}

Resolver::Answer ask_the_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int status = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (status != 0) return {"the name look-up failed: " + std::string(gai_strerror(status)), {}};
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(list, freeaddrinfo);
    Resolver::Answer answer;
    for (const addrinfo* entry = list; entry; entry = entry->ai_next)
        if (const auto address = address_of(*entry)) answer.addresses.push_back(*address);
    if (answer.addresses.empty()) answer.error = "the name has no address";
    return answer;
}

}  // namespace

struct Resolver::State {
    struct Asker {
        std::weak_ptr<const void> owner;
        Done done;
    };
    struct Question {
        std::string host;
        std::vector<Asker> askers = {};
    };
    struct Remembered {
        std::vector<asio::ip::address> addresses;
        Time when;
    };

    State(LookUp how, unsigned most) : look_up(std::move(how)), max_threads(most) {}

    static void run(const std::shared_ptr<State>& self) noexcept;
    std::shared_ptr<Question> next_question();
    void close(const Question& question, const Answer& answer) noexcept;
    void remember(const std::string& host, const Answer& answer);

    const LookUp look_up;
    const unsigned max_threads;
    mutable std::mutex mutex;
    unsigned threads = 0;
    std::deque<std::shared_ptr<Question>> waiting;
    std::map<std::string, std::shared_ptr<Question>> open;  // waiting, or being looked up
    std::map<std::string, Remembered> known;
};

// Processes questions until the queue is empty.
void Resolver::State::run(const std::shared_ptr<State>& self) noexcept {
    while (const auto question = self->next_question())
        self->close(*question, self->look_up(question->host));
}

std::shared_ptr<Resolver::State::Question> Resolver::State::next_question() {
    const std::lock_guard lock(mutex);
    while (!waiting.empty()) {
        auto question = std::move(waiting.front());
        waiting.pop_front();
        if (std::any_of(question->askers.begin(), question->askers.end(),
                        [](const Asker& asker) { return !asker.owner.expired(); }))
            return question;
        open.erase(question->host);
    }
    --threads;
    return nullptr;
}

// No asker can join once the question has left `open`, so the askers are called without the lock.
void Resolver::State::close(const Question& question, const Answer& answer) noexcept {
    std::vector<Asker> askers;
    {
        const std::lock_guard lock(mutex);
        const auto found = open.find(question.host);
        askers.swap(found->second->askers);
        open.erase(found);
        remember(question.host, answer);
    }
    for (auto& asker : askers)
        if (!asker.owner.expired()) asker.done(answer);
}

void Resolver::State::remember(const std::string& host, const Answer& answer) {
    if (!answer.error.empty()) return;
    known.insert_or_assign(host, Remembered{answer.addresses, now()});
    if (known.size() <= max_known) return;
    known.erase(std::min_element(known.begin(), known.end(),
                                 [](const auto& a, const auto& b) { return a.second.when < b.second.when; }));
}

Resolver::Resolver(LookUp look_up, unsigned max_threads)
    : state_(std::make_shared<State>(std::move(look_up), max_threads)) {}

Resolver::~Resolver() {
    std::vector<State::Asker> dropped;  // destroyed without the lock
    const std::lock_guard lock(state_->mutex);
    for (auto& [host, question] : state_->open)
        std::move(question->askers.begin(), question->askers.end(), std::back_inserter(dropped));
    for (auto& [host, question] : state_->open)
        question->askers.clear();
}

void Resolver::look_up(const std::string& host, std::weak_ptr<const void> owner, Done done) {
    std::unique_lock lock(state_->mutex);
    if (const auto found = state_->open.find(host); found != state_->open.end()) {
        found->second->askers.push_back({std::move(owner), std::move(done)});
        return;
    }
    const auto question = std::make_shared<State::Question>(State::Question{host});
    question->askers.push_back({std::move(owner), std::move(done)});
    state_->waiting.push_back(question);
    state_->open.emplace(host, question);
    if (state_->threads == state_->max_threads) return;
    std::string problem;
    try {
        std::thread([state = state_] { State::run(state); }).detach();
        ++state_->threads;
        return;
    } catch (const std::system_error& failure) {
        problem = failure.what();
    }
    if (state_->threads > 0) return;  // one of the running threads will take it
    state_->waiting.pop_back();
    lock.unlock();
    state_->close(*question, {"the name look-up failed: " + problem, {}});
}

std::optional<Resolver::Known> Resolver::known(const std::string& host) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->known.find(host);
    if (found == state_->known.end()) return std::nullopt;
    return Known{found->second.addresses, now() - found->second.when};
}

Resolver& Resolver::shared() {
    // Never destroyed: at the process's end its threads may still be waiting for the system.
    static auto* const resolver = new Resolver(ask_the_system);
    return *resolver;
}

}  // namespace intent::net
