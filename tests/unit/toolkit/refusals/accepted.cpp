// Accepted: every shape of command.
#include <intent/commands.hpp>

using namespace intent;

enum class Side { heads, tails };
struct Color {
    int rgb = 0;
};
struct Tag {
    std::string name;
};

template <>
struct intent::Choices<Side> {
    static constexpr intent::Choice<Side> all[] = {{"heads", Side::heads}, {"tails", Side::tails}};
};
template <>
struct intent::Argument<Color> {
    static constexpr std::string_view expects = "a color";
    static Color parse(std::string_view text) { return Color{static_cast<int>(text.size())}; }
};
template <>
struct intent::Argument<Tag> {
    static constexpr std::string_view expects = "a tag";
    static intent::task<std::optional<Tag>> parse(intent::Context, std::string text) { co_return Tag{text}; }
};

namespace shapes {

task<> function(Context, std::uint8_t) { co_return; }

struct Bot {
    task<> kick(Context, Member, Rest) { co_return; }
    task<> show(Context) const { co_return; }
};

}  // namespace shapes

void use(Commands& commands, shapes::Bot& bot, const shapes::Bot& constant) {
    commands.add("ping", "", [](Context) -> task<> { co_return; });
    commands.add("f <n>", "", shapes::function);
    commands.add("g <n>", "", &shapes::function);
    commands.add("kick <member> [reason]", "", &shapes::Bot::kick, &bot);
    commands.add("show", "", &shapes::Bot::show, &constant);
    commands.add("numbers <a> <b> <c> [d=4]", "",
                 [](Context, std::int8_t, unsigned long long, double, float) -> task<> { co_return; });
    commands.add("types <a> <b> <c> [d] [e]", "",
                 [](Context, Side, Color, std::vector<Tag>, std::optional<bool>, std::vector<std::string>) -> task<> {
                     co_return;
                 });
    commands.add("ids <a> <b> [c]", "", [](Context, ChannelId, UserId, std::vector<RoleId>) -> task<> { co_return; });
    commands.add("daily <time> [zone=UTC]", "", [](Context, TimeOfDay, TimeZone) -> task<> { co_return; });
    int calls = 0;
    commands.add("count [n=1]", "", [calls](Context, Range<1, 9> n) mutable -> task<> {
        calls += static_cast<int>(n);
        co_return;
    });
    auto mod = commands.group("mod").requires_permission(Permission::kick_members).server_only();
    mod.section("Words").group("word").add("add <word>", "", [](Context, const std::string) -> task<> { co_return; });
    commands.check([](Context) { return true; }).check([](const Context&) -> task<bool> { co_return true; }, "no");
    commands.on_error([](Context, OnCooldown) -> task<> { co_return; })
        .on_error([calls](Context, std::exception_ptr) mutable -> task<> {
            ++calls;
            co_return;
        });
}

Commands several() { return Commands({"!", "?"}); }
Commands by_coroutine() {
    return Commands(
        CommandOptions([](Message) -> task<std::vector<std::string>> { co_return std::vector<std::string>{"!"}; }));
}
