// Modules without a connection: names, states, constructors that fail, and the order of events.
#include <intent/client.hpp>
#include <intent/commands.hpp>
#include <intent/errors.hpp>
#include <intent/module.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::modules_test {
namespace {

using Diary = std::vector<std::string>;

task<> nothing(Context) { co_return; }

/// Writes its life into a diary, and has a command of its name.
class Part {
public:
    Part(Module& module, const std::reference_wrapper<Diary>& diary) : name_(module.name()), diary_(diary) {
        diary_.push_back(name_ + " begins");
        module.commands().add("greet", "Greets.", &Part::greet, this);
        module.on(&Part::on_ready, this);
    }
    ~Part() { diary_.push_back(name_ + " ends"); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

private:
    task<> greet(Context) { co_return; }
    void on_ready(const Ready&) {}

    std::string name_;
    Diary& diary_;
};

/// The same without a command.
class Quiet {
public:
    Quiet(Module& module, const std::reference_wrapper<Diary>& diary) : name_(module.name()), diary_(diary) {
        diary_.push_back(name_ + " begins");
    }
    ~Quiet() { diary_.push_back(name_ + " ends"); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    std::string name_;
    Diary& diary_;
};

/// Registers a command and fails, as long as it is told to.
class Failing {
public:
    Failing(Module& module, const std::shared_ptr<bool>& fails) {
        auto group = module.commands().group("fail");
        group.add("first", "", &nothing);
        module.scope().spawn("waits", [&module] { return module.scope().sleep_for(std::chrono::hours(1)); });
        if (*fails) throw std::runtime_error("no database");
        group.add("second", "", &nothing);
    }
};

/// Has arguments that differ from those of `add`.
class Configured {
public:
    Configured(Module& module, int sides, const std::string& name) {
        module.commands().section(name).add("roll", std::to_string(sides) + " sides", &nothing);
    }
};

class ModulesTest : public testing::Test {
protected:
    static ClientOptions options() {
        ClientOptions options;
        options.token = "bot_dGVzdA";
        options.log = nullptr;
        return options;
    }
    bool has(const std::string& line) const { return commands.parse(line).command() == line; }
    template <class F>
    static std::string refusal(F call) {
        try {
            call();
        } catch (const ConfigError& error) {
            return error.what();
        }
        return {};
    }

    Client client{options()};
    Commands commands{client, CommandOptions("!").owners({UserId{1}})};
    Diary diary;
    std::optional<Modules> modules{std::in_place, client, commands};
};

TEST_F(ModulesTest, are_loaded_and_unloaded_with_their_commands) {
    modules->add<Part>("a", std::ref(diary));
    EXPECT_FALSE(modules->is_loaded("a"));
    EXPECT_FALSE(has("greet"));
    modules->load("a");
    EXPECT_TRUE(modules->is_loaded("a"));
    EXPECT_TRUE(has("greet"));
    EXPECT_NE(commands.help_text().find("!greet"), std::string::npos);
    modules->unload("a").get();
    EXPECT_FALSE(modules->is_loaded("a"));
    EXPECT_FALSE(has("greet"));
    EXPECT_EQ(commands.help_text().find("!greet"), std::string::npos);
    EXPECT_EQ(diary, (Diary{"a begins", "a ends"}));
}

TEST_F(ModulesTest, reload_destroys_the_object_before_it_creates_another) {
    modules->add<Part>("a", std::ref(diary));
    modules->load("a");
    modules->reload("a").get();
    EXPECT_TRUE(has("greet"));
    EXPECT_EQ(diary, (Diary{"a begins", "a ends", "a begins"}));
}

TEST_F(ModulesTest, get_the_arguments_of_add_at_each_load) {
    modules->add<Configured>("dice", 6, "Games");
    modules->load("dice");
    EXPECT_NE(commands.help_text().find("Games"), std::string::npos);
    modules->reload("dice").get();
    EXPECT_NE(commands.help_text("roll").find("6 sides"), std::string::npos);
}

TEST_F(ModulesTest, are_unloaded_by_the_destructor_in_the_reverse_order_of_loading) {
    modules->add<Quiet>("c", std::ref(diary));
    modules->add<Part>("a", std::ref(diary));
    modules->add<Quiet>("b", std::ref(diary));
    modules->load("a");
    modules->load_all();
    EXPECT_EQ(refusal([&] { modules->load("a"); }), "module \"a\": it is already loaded");
    modules.reset();
    EXPECT_EQ(diary, (Diary{"a begins", "c begins", "b begins", "b ends", "c ends", "a ends"}));
    EXPECT_FALSE(has("greet"));
    EXPECT_TRUE(has("help"));
}

TEST_F(ModulesTest, a_constructor_that_throws_leaves_nothing_behind) {
    const auto fails = std::make_shared<bool>(true);
    modules->add<Failing>("f", fails);
    EXPECT_THROW(modules->load("f"), std::runtime_error);
    EXPECT_FALSE(modules->is_loaded("f"));
    EXPECT_FALSE(has("fail first"));
    EXPECT_EQ(commands.parse("fail").error(), "");
    *fails = false;
    modules->load("f");
    EXPECT_TRUE(has("fail first"));
    EXPECT_TRUE(has("fail second"));
    *fails = true;
    EXPECT_THROW(modules->reload("f").get(), std::runtime_error);
    EXPECT_FALSE(modules->is_loaded("f"));
    EXPECT_FALSE(has("fail first"));
}

TEST_F(ModulesTest, a_command_that_is_taken_stops_the_load_and_leaves_the_other_module) {
    modules->add<Part>("a", std::ref(diary));
    modules->add<Part>("b", std::ref(diary));
    modules->load("a");
    EXPECT_EQ(refusal([&] { modules->load("b"); }), "there already is a command or an alias \"greet\"");
    EXPECT_TRUE(has("greet"));
    EXPECT_TRUE(modules->is_loaded("a"));
    EXPECT_FALSE(modules->is_loaded("b"));
    modules->unload("a").get();
    modules->load("b");
    EXPECT_TRUE(has("greet"));
}

TEST_F(ModulesTest, commands_are_found_when_the_constructor_has_returned) {
    struct Curious {
        Curious(Module& module, const std::reference_wrapper<Commands>& all,
                const std::reference_wrapper<Diary>& diary) {
            module.commands().add("secret", "", &nothing);
            diary.get().push_back(all.get().parse("secret").command());
            diary.get().push_back(all.get().help_text("secret"));
        }
    };
    modules->add<Curious>("c", std::ref(commands), std::ref(diary));
    modules->load("c");
    EXPECT_EQ(diary, (Diary{"", ""}));
    EXPECT_TRUE(has("secret"));
}

TEST_F(ModulesTest, names_are_checked) {
    modules->add<Part>("a", std::ref(diary));
    EXPECT_EQ(refusal([&] { modules->add<Part>("a", std::ref(diary)); }), "module \"a\": the name is taken");
    EXPECT_EQ(refusal([&] { modules->add<Part>("", std::ref(diary)); }), "module \"\": a name is one word");
    EXPECT_EQ(refusal([&] { modules->add<Part>("a b", std::ref(diary)); }), "module \"a b\": a name is one word");
    EXPECT_EQ(refusal([&] { modules->load("x"); }), "module \"x\": there is no such module");
    EXPECT_EQ(refusal([&] { modules->unload("x").get(); }), "module \"x\": there is no such module");
    EXPECT_EQ(refusal([&] { modules->reload("a").get(); }), "module \"a\": it is not loaded");
    EXPECT_EQ(refusal([&] { (void)modules->is_loaded("x"); }), "module \"x\": there is no such module");
    ASSERT_EQ(modules->list().size(), 1u);
    EXPECT_EQ(modules->list().front().name, "a");
    EXPECT_EQ(diary, Diary{});
}

TEST_F(ModulesTest, groups_of_a_module_are_its_own) {
    struct Tags {
        explicit Tags(Module& module) { module.commands().group("tag").add("add", "", &nothing); }
    };
    commands.group("tag").add("show", "", &nothing);
    modules->add<Tags>("tags");
    modules->load("tags");
    EXPECT_TRUE(has("tag add") && has("tag show"));
    modules->unload("tags").get();
    EXPECT_FALSE(has("tag add"));
    EXPECT_TRUE(has("tag show"));
}

TEST_F(ModulesTest, without_commands_a_module_has_none) {
    Modules plain(client);
    plain.add<Part>("a", std::ref(diary));
    EXPECT_THROW(plain.load("a"), UsageError);
    EXPECT_FALSE(plain.is_loaded("a"));
}

TEST_F(ModulesTest, commands_for_owners_need_owners) {
    modules->add_commands(commands);
    EXPECT_TRUE(has("module list"));
    EXPECT_EQ(commands.parse("module reload dice").argument("name"), "dice");
    Commands open(client, "?");
    EXPECT_THROW(modules->add_commands(open), ConfigError);
}

}  // namespace
}  // namespace intent::modules_test
