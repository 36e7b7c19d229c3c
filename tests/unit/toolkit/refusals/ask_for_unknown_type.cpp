// Refused: intent: ask<T>: a T cannot be read from text
#include <intent/commands.hpp>

using namespace intent;

struct Color {};

task<> use(Context ctx) { co_await ctx.ask<Color>("Which?", std::chrono::seconds(30)); }
