// Refused: intent: ask<T> returns an optional by itself
#include <intent/commands.hpp>

using namespace intent;

task<> use(Context ctx) { co_await ctx.ask<std::optional<int>>("How many?", std::chrono::seconds(30)); }
