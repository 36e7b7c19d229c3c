// The command-line tool (docs/tool.md).
#include "tools/intent/support/program.hpp"

int main(int argc, char** argv) {
    return tool::run_program("intent", "Bots and the Intent chat platform, from the command line", argc, argv,
                             tool::add_commands);
}
