#include "persistence/list_text.hpp"
#include "persistence/state.hpp"
#include "text/display.hpp"
#include "text/quoted.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <utility>

namespace intent::inline v0 {

namespace {

void check(const SettingOwner& owner) {
    const bool is_member = owner.kind() == SettingOwner::Kind::member;
    if ((owner.kind() != SettingOwner::Kind::global && owner.first() == 0) || (is_member && owner.second() == 0))
        throw ConfigError("the owner of a setting has an unset id: " + owner.str());
}

/// True for integers and short texts. False for what can contain a secret: a Secret, and the JSON array of a list or
/// struct.
bool is_shown(const persistence::TypedValue& content) {
    if (content.type == detail::Stored<Secret>::type()) return false;
    const std::string& text = content.value.text;
    if (content.value.kind == detail::StoredValue::Kind::integer) return true;
    return !text.empty() && text.size() <= 40 && text.front() != '[';
}

/// Errors: SettingsError if the value was stored with another type.
void check_type(const detail::SettingInfo& key, const SettingOwner& owner, const persistence::TypedValue& content) {
    if (content.type == key.type()) return;
    std::string problem = "found a value of the type " + text::quoted(content.type);
    if (!key.holds_secret() && is_shown(content)) {
        const auto& value = content.value;
        const bool is_integer = value.kind == detail::StoredValue::Kind::integer;
        problem += " (" + (is_integer ? std::to_string(value.integer) : text::display(value.text)) + ")";
    }
    detail::wrong_value(key, owner, problem + ", expected " + text::quoted(key.type()));
}

}  // namespace

detail::SettingsState::Lock::Lock(SettingsState& state) : state_(state) {
    state_.refuse_nested();
    state_.mutex_.lock();
    state_.holder_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

detail::SettingsState::Lock::~Lock() {
    state_.holder_.store({}, std::memory_order_relaxed);
    state_.mutex_.unlock();
}

void detail::SettingsState::refuse_nested() const {
    // Only this thread stores its own id.
    if (holder_.load(std::memory_order_relaxed) == std::this_thread::get_id())
        throw UsageError(
            "settings: called inside a transaction or update of the same Settings; use the Transaction that the "
            "function receives");
}

void detail::SettingsState::migrate(const std::shared_ptr<SettingsState>& state, std::vector<Migration> migrations) {
    std::stable_sort(migrations.begin(), migrations.end(),
                     [](const Migration& a, const Migration& b) { return a.version < b.version; });
    for (std::size_t i = 0; i < migrations.size(); ++i)
        if (migrations[i].version != static_cast<int>(i) + 1)
            throw ConfigError("migrations must have the versions 1, 2, 3, …, each once; found " +
                              std::to_string(migrations[i].version) + " in place of " + std::to_string(i + 1));
    auto& store = state->store_;
    const auto known = static_cast<int>(migrations.size());
    const int found = persistence::translated(store.path(), [&] { return store.version("bot"); });
    if (found > known)
        throw SettingsError(SettingsFault::newer, store.path() +
                                                      ": written by a newer version of the bot (tables of version " +
                                                      std::to_string(found) + ", this one knows " +
                                                      std::to_string(known) + "); start that one, or use a backup");
    for (int version = found + 1; version <= known; ++version) {
        const Migration& step = migrations[static_cast<std::size_t>(version) - 1];
        SettingsTransaction transaction(state);
        const std::string place = store.path() + ": migration " + std::to_string(version);
        persistence::translated(place, [&] {
            if (step.call != nullptr)
                step.call(step.function.get(), transaction);
            else
                store.database().execute_restricted(step.sql, persistence::reserved_tables);
            store.set_version("bot", version);
        });
        transaction.commit();
    }
}

struct SettingsTransaction::Running {
    explicit Running(std::shared_ptr<detail::SettingsState> shared)
        : state(std::move(shared)), lock(*state), transaction(state->store().database()) {}

    const std::shared_ptr<detail::SettingsState> state;
    const detail::SettingsState::Lock lock;
    database::Transaction transaction;
    std::vector<persistence::Change> changes = {};
    std::vector<std::string> types = {};  // of the changes

    void add(std::string name, const SettingOwner& owner, std::optional<persistence::TypedValue> content) {
        types.push_back(content ? std::move(content->type) : std::string());
        std::optional<detail::StoredValue> value;
        if (content) value = std::move(content->value);
        changes.push_back({std::move(name), owner, std::move(value)});
    }

    persistence::Store& store() const { return state->store(); }
    template <class F>
    decltype(auto) run(F f) const {
        // Without this check, later changes of a function that has caught the error would be committed one by one.
        if (store().database().autocommit())
            throw SettingsError(SettingsFault::io, store().path() + ": an earlier error has ended the transaction");
        return persistence::translated(store().path(), std::move(f));
    }
};

SettingsTransaction::SettingsTransaction(std::shared_ptr<detail::SettingsState> state) {
    const std::string path = state->store().path();
    running_ = persistence::translated(path, [&] { return std::make_unique<Running>(std::move(state)); });
}

SettingsTransaction::~SettingsTransaction() = default;

void SettingsTransaction::commit() {
    running_->run([this] { running_->transaction.commit(); });
    const auto state = running_->state;
    // With the lock still held, so that cache and calls follow the order of the commits.
    try {
        for (std::size_t i = 0; i < running_->changes.size(); ++i) {
            const auto& [name, owner, value] = running_->changes[i];
            std::optional<persistence::TypedValue> content;
            if (value) content = {running_->types[i], *value};
            state->cache().learn(name, owner, content);
        }
    } catch (...) {  // out of memory: the change is committed, so only the cache may give way
        state->cache().clear();
    }
    state->calls().enqueue(std::move(running_->changes));
    running_.reset();
    state->calls().deliver();
}

std::optional<detail::StoredValue> SettingsTransaction::read(const detail::SettingInfo& key,
                                                             const SettingOwner& owner) const {
    check(owner);
    auto content = running_->run([&] { return running_->store().read(key.name(), owner); });
    if (!content) return std::nullopt;
    check_type(key, owner, *content);
    return std::move(content->value);
}

void SettingsTransaction::write(const detail::SettingInfo& key, const SettingOwner& owner, detail::StoredValue value) {
    check(owner);
    persistence::TypedValue content{key.type(), persistence::flat(std::move(value))};
    running_->run([&] { running_->store().write(key.name(), owner, content); });
    running_->add(key.name(), owner, std::move(content));
}

bool SettingsTransaction::remove(const detail::SettingInfo& key, const SettingOwner& owner) {
    check(owner);
    if (!running_->run([&] { return running_->store().remove(key.name(), owner); })) return false;
    running_->add(key.name(), owner, std::nullopt);
    return true;
}

std::size_t SettingsTransaction::remove_all(const SettingOwner& owner) {
    check(owner);
    auto removed = running_->run([&] { return running_->store().remove_all(owner); });
    for (auto& [name, whose] : removed)
        running_->add(std::move(name), whose, std::nullopt);
    return removed.size();
}

void SettingsTransaction::modify(const detail::SettingInfo& key, const SettingOwner& owner,
                                 detail::ValueChange change) {
    const auto stored = read(key, owner);
    write(key, owner, change(stored ? &*stored : nullptr));
}

std::vector<detail::OwnedValue> SettingsTransaction::list(const detail::SettingInfo& key,
                                                          std::optional<ServerId> server) const {
    if (server) check(*server);
    std::vector<detail::OwnedValue> values;
    for (auto& one : running_->run([&] { return running_->store().list(key.name(), server); })) {
        check_type(key, one.owner, one.content);
        values.push_back({one.owner, std::move(one.content.value)});
    }
    return values;
}

std::int64_t SettingsTransaction::execute(std::string_view sql, const detail::SqlValues& values, std::size_t columns,
                                          const detail::RowTaker* take) {
    return running_->run([&]() -> std::int64_t {
        auto statement = running_->store().database().restricted(sql, persistence::reserved_tables);
        if (statement.parameters() != static_cast<int>(values.size()))
            throw ConfigError("the statement has " + std::to_string(statement.parameters()) +
                              " parameters, given are " + std::to_string(values.size()));
        if (take != nullptr && statement.columns() != static_cast<int>(columns))
            throw ConfigError("the statement returns " + std::to_string(statement.columns()) +
                              " columns, the types of " + std::to_string(columns) + " are given");
        for (const auto& value : values)
            persistence::bind(statement, persistence::flat(value));
        const auto before = running_->store().database().total_changes();
        while (statement.step()) {
            if (take == nullptr) continue;
            detail::SqlValues row;
            for (int i = 0; i < statement.columns(); ++i)
                row.push_back(persistence::column(statement, i));
            (*take)(row);
        }
        return running_->store().database().total_changes() - before;
    });
}

std::optional<detail::StoredValue> Settings::read(const detail::SettingInfo& key, const SettingOwner& owner) const {
    check(owner);
    state_->refuse_nested();
    auto known = state_->cache().find(key.name(), owner);
    if (!known) {
        const detail::SettingsState::Lock lock(*state_);
        auto& store = state_->store();
        known = persistence::translated(store.path(), [&] { return store.read(key.name(), owner); });
        state_->cache().learn(key.name(), owner, *known);
    }
    if (!*known) return std::nullopt;
    check_type(key, owner, **known);
    return std::move((*known)->value);
}

std::vector<detail::OwnedValue> Settings::list(const detail::SettingInfo& key, std::optional<ServerId> server) const {
    return SettingsTransaction(state_).list(key, server);
}

}  // namespace intent
