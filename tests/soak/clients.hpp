// The clients' process of the soak: many bots that answer, and a ledger for each.
#pragma once

#include "tests/soak/ledger.hpp"

#include <intent/client.hpp>

#include <memory>
#include <string>
#include <vector>

namespace intent::test {

class SoakClients {
public:
    /// `port`: of gateway and REST alike.
    SoakClients(const SoakPlan& plan, int port, const std::vector<std::string>& tokens);

    void start();
    /// Waits until each has had its first Ready.
    void wait_ready();
    void stop();

    /// Has every client a session, and no call under way?
    bool settled() const;

    const std::vector<std::unique_ptr<Ledger>>& ledgers() const noexcept { return ledgers_; }
    Gauges totals() const;

private:
    void equip(Client& client, std::size_t index);

    const SoakPlan plan_;
    std::vector<std::unique_ptr<Ledger>> ledgers_;
    std::vector<std::unique_ptr<std::atomic<int>>> under_way_;
    std::vector<std::unique_ptr<Client>> clients_;  ///< last: their handlers use the rest
};

}  // namespace intent::test
