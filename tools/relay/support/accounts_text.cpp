#include "tools/relay/support/accounts_text.hpp"

#include "relay/wire/subjects.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace tool {

namespace {

using intent::relay::Names;

std::string stream_of_bucket(const std::string& bucket) { return "KV_" + bucket; }

/// The consumers of an application.
std::vector<std::string> consumers_of(const std::string& application, bool ordered) {
    std::vector<std::string> names{Names::consumer(application)};
    for (unsigned partition = 0; ordered && partition < intent::relay::partitions; ++partition)
        names.push_back(Names::consumer(application, partition));
    return names;
}

std::string list(std::string_view kind, const std::vector<SubjectRight>& rights) {
    std::size_t widest = 0;
    for (const auto& right : rights)
        widest = std::max(widest, right.subject.size());
    std::string text = fmt::format("          {}: {{\n            allow: [\n", kind);
    for (const auto& right : rights)
        text += fmt::format("              \"{}\"{:{}}  # {}\n", right.subject, "", widest - right.subject.size(),
                            right.why);
    return text + "            ]\n          }\n";
}

std::string user_text(std::string_view about, const BrokerUser& user, const UserRights& rights, bool answers) {
    return fmt::format(
        "      {{\n        # {}\n        user: \"{}\"\n        password: \"{}\"\n        permissions: {{\n{}{}{}"
        "        }}\n      }}\n",
        about, user.name, user.password_hash, list("publish", rights.publish), list("subscribe", rights.subscribe),
        answers ? "          # An answer to each request that it receives.\n"
                  "          allow_responses: { max: 1, expires: \"10m\" }\n"
                : "");
}

}  // namespace

UserRights relay_rights(const std::string& bot) {
    const Names names(bot);
    UserRights rights;
    auto& publish = rights.publish;
    publish.push_back({fmt::format("intent.{}.>", bot), "events, dead letters"});
    publish.push_back({fmt::format("$KV.{}.>", names.bucket()), "session, lease, Ready"});
    publish.push_back({fmt::format("$KV.{}.>", names.answer_bucket()), "answers by idempotency key"});
    publish.push_back({"$JS.API.INFO", "limits of the account"});
    const std::vector<std::string> streams{names.stream(), names.dead_letter_stream(), stream_of_bucket(names.bucket()),
                                           stream_of_bucket(names.answer_bucket()),
                                           stream_of_bucket(names.work_bucket())};
    for (const auto& stream : streams) {
        publish.push_back({fmt::format("$JS.API.STREAM.*.{}", stream), "create, configure, inspect"});
        publish.push_back({fmt::format("$JS.API.STREAM.MSG.*.{}", stream), "single messages"});
        publish.push_back({fmt::format("$JS.API.DIRECT.GET.{}", stream), "single messages"});
        publish.push_back({fmt::format("$JS.API.DIRECT.GET.{}.>", stream), "the last message of a subject"});
        publish.push_back({fmt::format("$JS.API.CONSUMER.*.{}", stream), "list and create consumers"});
        publish.push_back({fmt::format("$JS.API.CONSUMER.*.{}.>", stream), "inspect consumers"});
        publish.push_back({fmt::format("$JS.API.CONSUMER.*.*.{}.>", stream), "create, pull"});
        publish.push_back({fmt::format("$JS.ACK.{}.>", stream), "acknowledge"});
    }
    rights.subscribe.push_back({fmt::format("intent.{}.>", bot), "requests of workers"});
    rights.subscribe.push_back({"_INBOX.>", "answers to its own requests"});
    rights.subscribe.push_back({fmt::format("$KV.{}.>", names.bucket()), "changes of the lease"});
    return rights;
}

UserRights worker_rights(const std::string& bot, const std::string& application, bool ordered) {
    const Names names(bot);
    UserRights rights;
    auto& publish = rights.publish;
    publish.push_back({names.rest(), "REST requests"});
    publish.push_back({names.gateway(), "gateway commands"});
    publish.push_back({names.dead_letters_of(application), "its own dead letters"});
    publish.push_back({"$JS.API.STREAM.INFO." + names.stream(), "inspect the stream"});
    publish.push_back({"$JS.API.STREAM.MSG.GET." + stream_of_bucket(names.bucket()), "the Ready of the session"});
    publish.push_back(
        {"$JS.API.STREAM.MSG.GET." + stream_of_bucket(names.work_bucket()), "attempts and leases of workers"});
    publish.push_back({fmt::format("$KV.{}.{}.>", names.work_bucket(), application), "those of its application"});
    for (const auto& consumer : consumers_of(application, ordered)) {
        const std::string place = names.stream() + "." + consumer;
        publish.push_back({"$JS.API.CONSUMER.DURABLE.CREATE." + place, "create its consumer"});
        publish.push_back({"$JS.API.CONSUMER.INFO." + place, "inspect it"});
        publish.push_back({"$JS.API.CONSUMER.MSG.NEXT." + place, "pull"});
        publish.push_back({"$JS.ACK." + place + ".>", "acknowledge"});
    }
    rights.subscribe.push_back({fmt::format("_INBOX_{}.>", application), "answers, deliveries"});
    rights.subscribe.push_back({names.events(), "events that change caches"});
    rights.subscribe.push_back({fmt::format("$KV.{}.{}.>", names.work_bucket(), application), "changes of its leases"});
    return rights;
}

std::string accounts_text(const Accounts& accounts) {
    std::string text = fmt::format(
        "# The users of the bot {0} on the broker, written by `intent relay accounts`. In nats-server.conf:\n"
        "#\n"
        "#   jetstream: {{ store_dir: \"/var/lib/nats\" }}\n"
        "#   tls: {{ cert_file: \"/etc/nats/broker.crt\", key_file: \"/etc/nats/broker.key\" }}\n"
        "#   authorization: {{ timeout: 5 }}   # s; to check a hash takes time on a busy machine\n"
        "#   include accounts-{0}.conf\n"
        "#\n"
        "# The bot has an account of its own: users of other accounts see none of its subjects. A user may do what is\n"
        "# listed, and nothing else.\n"
        "accounts {{\n"
        "  \"INTENT_{0}\": {{\n"
        "    jetstream: enabled\n"
        "    users: [\n",
        accounts.bot);
    text +=
        user_text("The relays, and `intent relay status` and `dlq`.", accounts.relay, relay_rights(accounts.bot), true);
    for (const auto& worker : accounts.workers)
        text += user_text(fmt::format("The workers of the application {}.", worker.user.name), worker.user,
                          worker_rights(accounts.bot, worker.user.name, worker.ordered), false);
    return text + "    ]\n  }\n}\n";
}

}  // namespace tool
