// Commands without a client: which command a line names, its arguments, and what is refused.
#include <intent/commands.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::parse_test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

struct Tools {
    task<> use(Context, int) { co_return; }
    task<> show(Context, Rest) const { co_return; }
};

class CommandsParse : public testing::Test {
protected:
    CommandsParse() {
        commands.add("add <left> <right>", "Adds.", [](Context, int, int) -> task<> { co_return; });
        commands
            .add("roll <times> [sides=6] [text]", "Rolls dice.",
                 [](Context, Range<1, 100>, int, Rest) -> task<> { co_return; })
            .alias("r");
        commands.add("mute <member> [time] [reason]", "Mutes.",
                     [](Context, Member, std::optional<std::chrono::seconds>, Rest) -> task<> { co_return; });
        commands.add(
            "sum <numbers> [unit] [more]", "Sums.",
            [](Context, std::vector<int>, std::optional<std::string>, std::optional<bool>) -> task<> { co_return; });
        commands.add("say <text>", "Says.", [](Context, Rest) -> task<> { co_return; });
        commands.add("echo <text>", "Echoes.", [](Context, std::string) -> task<> { co_return; });
        commands.add("cool <who>", "Cool?", [](Context, Rest) -> task<> { co_return; });
        commands.add("cool bot", "Cool!", [](Context) -> task<> { co_return; });
        auto tag = commands.group("tag");
        tag.add("add <name> <text>", "Adds a tag.", [](Context, std::string, Rest) -> task<> { co_return; });
        tag.add("list", "Lists tags.", [](Context) -> task<> { co_return; });
    }

    /// The command and its arguments, or the error.
    std::string parse(std::string_view line) const {
        const auto parsed = commands.parse(line);
        if (!parsed) return parsed.error().empty() ? "nothing" : parsed.error();
        std::string text = parsed.command();
        for (const auto& parameter : parsed.parameters()) {
            text += " " + parameter.name + "=";
            for (std::size_t i = 0; i < parameter.words.size(); ++i)
                text += (i == 0 ? "" : "|") + parameter.words[i];
        }
        return text;
    }

    Commands commands;
};

TEST_F(CommandsParse, points_at_the_word_that_is_no_time_zone) {
    commands.add("daily <time> [zone=UTC]", "Posts daily.", [](Context, TimeOfDay, TimeZone) -> task<> { co_return; });
    EXPECT_EQ(parse("daily 9:30"), "daily time=9:30 zone=UTC");
    EXPECT_EQ(parse("daily 9:30 europe/berlin"), "daily time=9:30 zone=europe/berlin");
    EXPECT_EQ(parse("daily 9:30 Europe/Berln"),
              "!daily 9:30 Europe/Berln\n"
              "            ^^^^^^^^^^^^ zone: there is no time zone of this name. Did you mean Europe/Berlin?\n"
              "usage: !daily <time> [zone=UTC]");
    EXPECT_EQ(parse("daily 25:00 UTC"),
              "!daily 25:00 UTC\n"
              "       ^^^^^ time: expected a time of day from 00:00 to 23:59\n"
              "usage: !daily <time> [zone=UTC]");
}

TEST_F(CommandsParse, finds_the_command_and_its_arguments) {
    EXPECT_EQ(parse("add 3 6"), "add left=3 right=6");
    EXPECT_EQ(parse("  ADD\t3\n6 "), "add left=3 right=6");
    EXPECT_EQ(parse("r 3"), "roll times=3 sides=6 text=");
    EXPECT_EQ(parse("roll 3 20"), "roll times=3 sides=20 text=");
    EXPECT_EQ(parse("cool alice smith "), "cool who=alice smith");
    EXPECT_EQ(parse("cool bot"), "cool bot");
    EXPECT_EQ(parse("tag add greeting Hello \"you\"  there"), "tag add name=greeting text=Hello \"you\"  there");
    EXPECT_EQ(parse("echo \"two words\""), "echo text=two words");
    EXPECT_EQ(parse("echo \"\""), "echo text=");
    EXPECT_EQ(parse("say \"unclosed is fine here"), "say text=\"unclosed is fine here");
    const auto parsed = commands.parse("sum 1 2 3 m");
    EXPECT_EQ(parsed.argument("numbers"), "1 2 3");
    EXPECT_EQ(parsed.argument("unit"), "m");
    EXPECT_FALSE(parsed.argument("more"));
    EXPECT_FALSE(parsed.argument("none"));
}

TEST_F(CommandsParse, an_optional_argument_leaves_a_word_that_does_not_fit_to_the_next) {
    EXPECT_EQ(parse("mute bob 10s spam"), "mute member=bob time=10s reason=spam");
    EXPECT_EQ(parse("mute bob rude words"), "mute member=bob time= reason=rude words");
    EXPECT_EQ(parse("mute bob"), "mute member=bob time= reason=");
    EXPECT_EQ(parse("roll 3 d20 please"), "roll times=3 sides=6 text=d20 please");
    EXPECT_EQ(parse("sum 1 2 m yes"), "sum numbers=1|2 unit=m more=yes");
}

TEST_F(CommandsParse, refuses_with_a_caret_and_the_usage) {
    EXPECT_EQ(parse("add 3 x"),
              "!add 3 x\n"
              "       ^ right: expected a whole number from -2147483648 to 2147483647\n"
              "usage: !add <left> <right>");
    EXPECT_EQ(parse("add 3"),
              "!add 3 \n"
              "       ^ right is missing\n"
              "usage: !add <left> <right>");
    EXPECT_EQ(parse("add 3 6 and more "),
              "!add 3 6 and more\n"
              "         ^^^^^^^^ this is more than the command takes\n"
              "usage: !add <left> <right>");
    EXPECT_EQ(parse("r 0"),
              "!r 0\n"
              "   ^ times: expected a whole number from 1 to 100\n"
              "usage: !roll <times> [sides=6] [text…]");
    EXPECT_EQ(parse("echo \"unclosed text"),
              "!echo \"unclosed text\n"
              "      ^^^^^^^^^^^^^^ text: the closing quotation mark is missing\n"
              "usage: !echo <text>");
    EXPECT_EQ(parse("sum x"),
              "!sum x\n"
              "     ^ numbers: expected a whole number from -2147483648 to 2147483647\n"
              "usage: !sum <numbers…> [unit] [more]");
    EXPECT_EQ(parse("say  "),
              "!say \n"
              "     ^ text is missing\n"
              "usage: !say <text…>");
}

TEST_F(CommandsParse, blames_the_first_parameter_that_refused_a_word) {
    commands.add("two [count] [flag]", "",
                 [](Context, std::optional<int>, std::optional<bool>) -> task<> { co_return; });
    const auto error = commands.parse("two x").error();
    EXPECT_NE(error.find("count: expected a whole number"), std::string::npos) << error;
    EXPECT_NE(commands.parse("two 1 x").error().find("flag: expected yes or no"), std::string::npos);
    EXPECT_TRUE(commands.parse("two yes"));
}

TEST_F(CommandsParse, of_an_unknown_command_is_nothing_unless_suggestions_are_on) {
    EXPECT_EQ(parse(""), "nothing");
    EXPECT_EQ(parse("rol 3"), "nothing");
    EXPECT_EQ(parse("\"add\" 1 2"), "nothing");
    EXPECT_EQ(parse("tag"),
              "This command has several forms:\n!tag add <name> <text…> - Adds a tag.\n!tag list - Lists tags.");
    Commands helpful(CommandOptions("?").suggestions());
    helpful.add("roll", "", [](Context) -> task<> { co_return; });
    EXPECT_EQ(helpful.parse("rol").error(), "There is no command \"rol\". Did you mean \"?roll\"?");
    EXPECT_EQ(helpful.parse("something else").error(), "");
}

TEST_F(CommandsParse, hostile_lines_cause_a_bounded_answer) {
    const std::string nul("add \0 \0\0", 8);
    std::string emoji = "add ";
    for (int i = 0; i < 2'000; ++i)
        emoji += "😀";
    const std::vector<std::string> lines{
        nul,
        emoji,
        "add " + std::string(2'000, '"'),
        "add " + std::string(2'000, '\\'),
        "add \xff\xfe 1",
        "add " + std::string(2'000, '9') + " 1",
        "sum " + std::string(2'000, ' ') + "1x",
        "roll 99999999999999999999 1",
        "tag add " + std::string(1'990, 'x'),
    };
    for (const auto& line : lines) {
        const auto parsed = commands.parse(line);
        EXPECT_FALSE(parsed) << line;
        EXPECT_FALSE(parsed.error().empty()) << line;
        EXPECT_LT(parsed.error().size(), 2'000u) << line;
    }
    EXPECT_EQ(commands.parse("add " + std::string(2'000, '0') + "1 2").argument("left"), std::string(2'000, '0') + "1");
    std::string numbers = "sum";
    for (int i = 0; i < 999; ++i)
        numbers += " 1";
    EXPECT_EQ(commands.parse(numbers).parameters()[0].words.size(), 999u);
}

TEST_F(CommandsParse, members_and_functions_are_commands_too) {
    Tools tools;
    commands.add("use <n>", "Uses.", &Tools::use, &tools);
    commands.add("show [what]", "Shows.", &Tools::show, &tools);
    EXPECT_EQ(parse("use 3"), "use n=3");
    EXPECT_EQ(parse("show"), "show what=");
}

TEST_F(CommandsParse, names_are_unique_and_come_back_when_a_command_is_removed) {
    EXPECT_THROW(commands.add("Add", "", [](Context) -> task<> { co_return; }), ConfigError);
    EXPECT_THROW(commands.group("tag").add("list", "", [](Context) -> task<> { co_return; }), ConfigError);
    auto once = commands.add("once", "", [](Context) -> task<> { co_return; });
    EXPECT_THROW(once.alias("roll"), ConfigError);
    EXPECT_THROW(once.alias("a  b"), ConfigError);
    once.alias("one time");
    EXPECT_EQ(parse("one time"), "once");
    once.remove();
    EXPECT_EQ(parse("once"), "nothing");
    EXPECT_EQ(parse("one time"), "nothing");
    EXPECT_THROW(once.hidden(), UsageError);
    EXPECT_THROW(once.name(), UsageError);
    EXPECT_EQ(commands.add("once", "", [](Context) -> task<> { co_return; }).name(), "once");
}

TEST_F(CommandsParse, settings_are_checked_when_they_are_made) {
    auto command = commands.add("set", "", [](Context) -> task<> { co_return; });
    EXPECT_THROW(command.cooldown(0, 1s), ConfigError);
    EXPECT_THROW(command.cooldown(1, 0s), ConfigError);
    EXPECT_THROW(command.max_concurrency(0, Per::user), ConfigError);
    EXPECT_NO_THROW(command.owner_only());  // tests need not know the owners
    EXPECT_THROW(commands.group(""), ConfigError);
    EXPECT_THROW(commands.add("bad [n=x]", "", [](Context, int) -> task<> { co_return; }), ConfigError);
}

TEST_F(CommandsParse, handles_outlive_the_commands_safely) {
    std::optional<Commands> gone(std::in_place);
    auto command = gone->add("x", "", [](Context) -> task<> { co_return; });
    auto group = gone->group("y");
    gone.reset();
    EXPECT_THROW(command.hidden(), UsageError);
    EXPECT_THROW(group.add("x", "", [](Context) -> task<> { co_return; }), UsageError);
}

TEST_F(CommandsParse, can_be_moved) {
    Commands moved = std::move(commands);
    EXPECT_TRUE(moved.parse("add 1 2"));
    commands = std::move(moved);
    EXPECT_TRUE(commands.parse("add 1 2"));
}

TEST(CommandsHelp, lists_commands_by_section_and_explains_one) {
    Commands commands("?");
    commands.add("add <left> <right>", "Adds.", [](Context, int, int) -> task<> { co_return; }).alias("plus");
    auto mod = commands.section("Moderation");
    mod.add("kick <member> [reason]", "Kicks.", [](Context, Member, Rest) -> task<> { co_return; })
        .details("Only now.");
    auto tag = mod.group("tag").details("Notes.");
    tag.add("add", "Adds a tag.", [](Context) -> task<> { co_return; });
    commands.add("secret", "Hidden.", [](Context) -> task<> { co_return; }).hidden();
    EXPECT_EQ(commands.help_text(),
              "?help [command…] - Shows the commands, or explains one.\n"
              "?add <left> <right> - Adds.\n"
              "\n"
              "Moderation\n"
              "?kick <member> [reason…] - Kicks.\n"
              "?tag add - Adds a tag.");
    EXPECT_EQ(commands.help_text("plus"), "?add <left> <right>\nAdds.\nAlso: ?plus");
    EXPECT_EQ(commands.help_text("KICK"), "?kick <member> [reason…]\nKicks.\nOnly now.");
    EXPECT_EQ(commands.help_text("tag"), "Notes.\nModeration\n?tag add - Adds a tag.");
    EXPECT_EQ(commands.help_text("secret"), "?secret\nHidden.");
    EXPECT_EQ(commands.help_text("nothing"), "");
    Commands without(CommandOptions("!").help(false));
    EXPECT_EQ(without.help_text(), "");
    without.add("help", "My own.", [](Context) -> task<> { co_return; });
    EXPECT_EQ(without.help_text(), "!help - My own.");
}

}  // namespace
}  // namespace intent::parse_test
