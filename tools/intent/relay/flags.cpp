#include "tools/intent/relay/flags.hpp"

#include "tools/intent/support/command.hpp"

namespace tool {

namespace {

void add_broker_flags(CLI::App& command, BrokerFlags& flags) {
    repeatable(
        command.add_option("--broker", flags.urls,
                           "Broker, nats:// or tls://; repeatable for the servers of a cluster (env INTENT_BROKER)"))
        ->type_name("URL");
    command.add_option("--bot", flags.bot, "Name of the bot on the broker (env INTENT_BOT; default: bot)")
        ->type_name("NAME");
    command.add_option("--user", flags.user, "User on the broker (env INTENT_BROKER_USER)")->type_name("NAME");
    command
        .add_option("--password-file", flags.password_file,
                    "File whose first line is the user's password (env INTENT_BROKER_PASSWORD_FILE)")
        ->type_name("FILE");
    command
        .add_option("--credentials", flags.credentials, "File with a JWT and its seed (env INTENT_BROKER_CREDENTIALS)")
        ->type_name("FILE");
    command.add_option("--ca", flags.ca, "File with the certificates that sign the broker's (env INTENT_BROKER_CA)")
        ->type_name("FILE");
    command
        .add_option("--certificate", flags.certificate,
                    "File with a client certificate for the broker (env INTENT_BROKER_CERTIFICATE)")
        ->type_name("FILE");
    command.add_option("--key", flags.key, "File with the key of --certificate (env INTENT_BROKER_KEY)")
        ->type_name("FILE");
    command.add_flag("-v,--verbose", flags.verbose, "Log more to standard error");
}

CLI::App* add_run(CLI::App& group, RelayRunFlags& flags) {
    auto* command = group.add_subcommand("run", "Run a relay until SIGTERM; several are one leader and standbys");
    add_broker_flags(*command, flags.broker);
    command->add_option("--gateway", flags.gateway, "Gateway, ws:// or wss:// (env INTENT_GATEWAY_URL)")
        ->type_name("URL");
    command->add_option("--rest", flags.rest, "REST API, http:// or https:// with base path (env INTENT_REST_URL)")
        ->type_name("URL");
    command->add_option("--metrics", flags.metrics, "Serve metrics and health checks there (env INTENT_METRICS)")
        ->type_name("ADDRESS");
    command->add_option("--max-age", flags.max_age, "How long the stream keeps events (default: 24h)")
        ->type_name("TIME");
    // A TiB, because the broker counts bytes.
    const auto size = CLI::Range(1, 1 << 20);
    command
        ->add_option("--max-size", flags.max_mib,
                     "Size of the stream, in MiB (default: 1024); the oldest events make room")
        ->type_name("MIB")
        ->check(size);
    command
        ->add_option("--answers-size", flags.answers_mib,
                     "Size of the bucket of answers to REST requests, in MiB (default: 256)")
        ->type_name("MIB")
        ->check(size);
    command->add_option("--replicas", flags.replicas, "Copies of streams and buckets in a cluster, 1 to 5")
        ->type_name("N");
    command->add_flag("--migrate", flags.migrate,
                      "Change streams and buckets that exist with other settings, where that is possible");
    command->footer("The token comes from INTENT_TOKEN or INTENT_TOKEN_FILE; no flag takes it.");
    return command;
}

CLI::App* add_accounts(CLI::App& group, RelayAccountsFlags& flags) {
    auto* command = group.add_subcommand("accounts", "Print a configuration for nats-server: users and their rights");
    command->add_option("--bot", flags.bot, "Name of the bot on the broker")->type_name("NAME")->required();
    command->add_option("--relay", flags.relay, "Name of the relay's user")->type_name("NAME")->capture_default_str();
    repeatable(command->add_option("--worker", flags.workers, "An application, in pool mode; repeatable"))
        ->type_name("APP");
    repeatable(command->add_option("--ordered", flags.ordered, "An application, in ordered mode; repeatable"))
        ->type_name("APP");
    command
        ->add_option("--passwords", flags.passwords,
                     "Folder with a file for each user: its password, or a bcrypt hash; mode 600")
        ->type_name("FILE")
        ->required();
    return command;
}

CLI::App* add_status(CLI::App& group, RelayStatusFlags& flags) {
    auto* command = group.add_subcommand("status", "Show leader, position, consumers, dead letters and limits");
    add_broker_flags(*command, flags.broker);
    command->add_flag("--json", flags.json, "One JSON object on one line");
    command->add_flag("--watch", flags.watch, "Show it again and again, until Ctrl-C");
    command->add_option("--interval", flags.interval, "Time between two of --watch")
        ->type_name("TIME")
        ->capture_default_str();
    return command;
}

void add_selection(CLI::App& command, DeadLetterFlags& flags) {
    auto* sequences =
        command.add_option("number", flags.sequences, "Numbers of dead letters, as `dlq list` shows them")
            ->type_name("N");
    command.add_flag("--all", flags.all, "All of them")->excludes(sequences);
}

void add_application(CLI::App& command, DeadLetterFlags& flags) {
    command.add_option("--app", flags.application, "Only dead letters of this application")->type_name("APP");
}

}  // namespace

RelayCommands add_relay_commands(CLI::App& group, RelayFlags& flags) {
    RelayCommands commands{};
    commands.run = add_run(group, flags.run);
    commands.accounts = add_accounts(group, flags.accounts);
    commands.status = add_status(group, flags.status);
    auto* letters = group.add_subcommand("dlq", "Work with dead letters: events that every attempt failed to handle");
    letters->require_subcommand(1);

    commands.list = letters->add_subcommand("list", "List dead letters, oldest first");
    add_application(*commands.list, flags.list);
    commands.list->add_option("--limit", flags.list.limit, "At most this many, 1 to 1000")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    commands.list->add_flag("--json", flags.list.json, "One JSON object per line");
    add_broker_flags(*commands.list, flags.list.broker);

    commands.show = letters->add_subcommand("show", "Show dead letters with their payload");
    commands.show->add_option("number", flags.show.sequences, "Numbers of dead letters, as `dlq list` shows them")
        ->type_name("N")
        ->required();
    commands.show->add_flag("--json", flags.show.json, "One JSON object per line");
    add_broker_flags(*commands.show, flags.show.broker);

    commands.retry = letters->add_subcommand("retry", "Deliver dead letters to their application again");
    add_selection(*commands.retry, flags.retry);
    add_application(*commands.retry, flags.retry);
    add_broker_flags(*commands.retry, flags.retry.broker);

    commands.drop = letters->add_subcommand("drop", "Delete dead letters");
    add_selection(*commands.drop, flags.drop);
    add_application(*commands.drop, flags.drop);
    add_broker_flags(*commands.drop, flags.drop.broker);
    return commands;
}

}  // namespace tool
