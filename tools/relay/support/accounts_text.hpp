// The configuration of nats-server that `intent relay accounts` prints: who may do what on the broker.
#pragma once

#include <string>
#include <vector>

namespace tool {

/// A user of the broker.
struct BrokerUser {
    std::string name = {};
    std::string password_hash = {};  ///< bcrypt
};

/// The workers of one application. The user's name is that of the application.
struct WorkerUser {
    BrokerUser user = {};
    bool ordered = false;  ///< has a consumer per partition too
};

/// The users of one bot, which has an account of its own.
struct Accounts {
    std::string bot = {};
    BrokerUser relay = {};
    std::vector<WorkerUser> workers = {};
};

/// What a user may publish and subscribe to, with the reason of each.
struct SubjectRight {
    std::string subject;
    std::string why;
};

struct UserRights {
    std::vector<SubjectRight> publish;
    std::vector<SubjectRight> subscribe;
};

/// The relay: its streams, buckets and subjects.
UserRights relay_rights(const std::string& bot);

/// A worker: what it takes to pull, acknowledge and request.
UserRights worker_rights(const std::string& bot, const std::string& application, bool ordered);

/// The block `accounts` of a configuration. Names and hashes must be valid: they are quoted, not escaped.
std::string accounts_text(const Accounts& accounts);

}  // namespace tool
