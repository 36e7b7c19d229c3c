// Refused: a_vector_of_strings_takes_all_words_and_must_be_the_last_parameter
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("say <words> <times>", "Says.", [](Context, std::vector<std::string>, int) -> task<> { co_return; });
}
