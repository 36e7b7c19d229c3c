// The scripts of `intent completion`. Each has tables of the command tree, and a function that finds the command in the
// words so far and determines whether to complete a flag, a flag's value or an argument.
#include "tools/intent/support/completion_scripts.hpp"

#include <algorithm>

namespace tool {

namespace {

/// `case` lines with the values of flags and arguments: "'intent listen --event') echo 'words A B' ;;".
std::string value_cases(const std::vector<CompletedCommand>& commands) {
    std::string cases;
    for (const auto& command : commands) {
        for (const auto& flag : command.flags) {
            if (flag.values.empty()) continue;
            std::string names;
            for (const auto& name : flag.names)
                names += (names.empty() ? "" : "|") + shell_quoted(command.path + " " + name);
            cases += "        " + names + ") echo " + shell_quoted(joined(flag.values)) + " ;;\n";
        }
        for (std::size_t i = 0; i < command.words.size(); ++i) {
            const bool last = i + 1 == command.words.size() && command.repeats;
            cases += "        " + shell_quoted(command.path + " " + std::to_string(i)) +
                     (last ? "|" + shell_quoted(command.path + " ") + "[0-9]*" : "") + ") echo " +
                     shell_quoted(joined(command.words[i])) + " ;;\n";
        }
    }
    return cases;
}

std::string known_cases(const std::vector<CompletedCommand>& commands) {
    std::string cases;
    for (const auto& command : commands)
        cases += (cases.empty() ? "" : "|") + shell_quoted(command.path);
    return "        " + cases + ") return 0 ;;\n";
}

std::vector<std::string> flag_names(const CompletedCommand& command) {
    std::vector<std::string> names;
    for (const auto& flag : command.flags)
        for (const auto& name : flag.names)
            if (name.starts_with("--")) names.push_back(name);
    return names;
}

/// `case` lines with the result of `words` for each command: "'intent sandbox') echo '…' ;;".
template <class Words>
std::string list_cases(const std::vector<CompletedCommand>& commands, Words words) {
    std::string cases;
    for (const auto& command : commands) {
        const auto list = words(command);
        if (!list.empty())
            cases += "        " + shell_quoted(command.path) + ") echo " + shell_quoted(joined(list)) + " ;;\n";
    }
    return cases;
}

/// The tables as functions that bash and zsh both understand.
std::string tables(const std::vector<CompletedCommand>& commands) {
    return "_intent_known() {\n    case \"$1\" in\n" + known_cases(commands) + "    esac\n    return 1\n}\n" +
           "_intent_commands() {\n    case \"$1\" in\n" +
           list_cases(commands, [](const auto& command) { return command.below; }) + "    esac\n}\n" +
           "_intent_flags() {\n    case \"$1\" in\n" + list_cases(commands, flag_names) + "    esac\n}\n" +
           "_intent_values() {\n    case \"$1\" in\n" + value_cases(commands) + "    esac\n}\n";
}

constexpr const char* bash_walk = R"bash(_intent() {
    local cur=${COMP_WORDS[COMP_CWORD]} command=intent values= word i arguments=0 flags=yes
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $flags && $word == -- ]]; then
            flags=
        elif [[ $flags && $word == -* ]]; then
            values=$(_intent_values "$command $word")
            if [[ $values ]]; then
                i=$((i + 1))
                # Bash splits `=` and the text behind it into separate words.
                if [[ ${COMP_WORDS[i]} == = ]]; then
                    if ((i == COMP_CWORD)); then cur=; else i=$((i + 1)); fi
                fi
            fi
        elif ((arguments == 0)) && _intent_known "$command $word"; then
            command="$command $word"
        else
            arguments=$((arguments + 1))
        fi
    done
    COMPREPLY=()
    if ((i > COMP_CWORD)); then
        : # the value of a flag
    elif [[ $flags && $cur == -* ]]; then
        values="words $(_intent_flags "$command")"
    else
        values="words $(_intent_commands "$command")"
        [[ $values == 'words ' ]] && values=$(_intent_values "$command $arguments")
    fi
    case $values in
        'words '*) mapfile -t COMPREPLY < <(compgen -W "${values#words }" -- "$cur") ;;
        file)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        command)
            compopt -o filenames 2>/dev/null
            if ((arguments == 0)); then
                mapfile -t COMPREPLY < <(compgen -c -- "$cur"; compgen -f -- "$cur")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            fi
            ;;
    esac
}
complete -F _intent intent)bash";

constexpr const char* zsh_walk = R"zsh(_intent() {
    local cur=${words[CURRENT]} command=intent values= word flags=yes
    local -i i arguments=0
    for ((i = 2; i < CURRENT; i++)); do
        word=${words[i]}
        if [[ -n $flags && $word == -- ]]; then
            flags=
        elif [[ -n $flags && $word == -* ]]; then
            values=
            if [[ $word != *=* ]]; then values=$(_intent_values "$command $word"); fi
            if [[ -n $values ]]; then i=$((i + 1)); fi
        elif ((arguments == 0)) && _intent_known "$command $word"; then
            command="$command $word"
        else
            arguments=$((arguments + 1))
        fi
    done
    if ((i > CURRENT)); then
        : # the value of a flag
    elif [[ -n $flags && $cur == --*=* ]]; then
        values=$(_intent_values "$command ${cur%%=*}")
        compset -P '*='
    elif [[ -n $flags && $cur == -* ]]; then
        values="words $(_intent_flags "$command")"
    else
        values="words $(_intent_commands "$command")"
        if [[ $values == 'words ' ]]; then values=$(_intent_values "$command $arguments"); fi
    fi
    case $values in
        'words '*) compadd -- ${=values#words } ;;
        file) _files ;;
        command) if ((arguments == 0)); then _command_names; _files; else _files; fi ;;
    esac
}
compdef _intent intent)zsh";

constexpr const char* fish_walk =
    R"fish(# Prints the command in the words so far, its number of arguments, and "--" if flags have ended.
function __intent_place
    set -l command intent
    set -l arguments 0
    set -l ended
    set -l words (commandline -opc)
    set -l i 2
    while test $i -le (count $words)
        set -l word $words[$i]
        if test -z "$ended"; and test "$word" = --
            set ended --
        else if test -z "$ended"; and string match -q -- '-*' "$word"
            if __intent_takes_value "$command $word"
                set i (math $i + 1)
            end
        else if test $arguments -eq 0; and __intent_known "$command $word"
            set command "$command $word"
        else
            set arguments (math $arguments + 1)
        end
        set i (math $i + 1)
    end
    echo $command
    echo $arguments
end
function __intent_at
    set -l place (__intent_place)
    test "$place[1]" = "$argv[1]"; or return 1
    test (count $argv) -eq 1; and return 0
    test $place[2] -eq $argv[2]; or test "$argv[3]" = more -a $place[2] -gt $argv[2]
end
complete -c intent -f)fish";

std::string fish_values(const Values& values) {
    if (values.empty()) return "";
    if (values.front() == "file") return " -r -F";
    if (values.front() == "command") return " -r -a '(__fish_complete_command)' -F";
    if (values.front() == "none") return " -x";
    return " -x -a " + shell_quoted(joined({values.begin() + 1, values.end()}));
}

std::string fish_flag(const CompletedCommand& command, const CompletedFlag& flag) {
    std::string line = "complete -c intent -n " + shell_quoted("__intent_at " + shell_quoted(command.path));
    for (const auto& name : flag.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    return line + fish_values(flag.values) + " -d " + shell_quoted(flag.help) + "\n";
}

}  // namespace

std::string shell_quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'') {
            result += "'\\''";
        } else {
            result += c;
        }
    }
    return result + "'";
}

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words)
        result += (result.empty() ? "" : " ") + word;
    return result;
}

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
    return "# bash completion of intent; generated by `intent completion bash`\n" + tables(commands) + bash_walk;
}

std::string zsh_completion(const std::vector<CompletedCommand>& commands) {
    return "#compdef intent\n# generated by `intent completion zsh`\n" + tables(commands) + zsh_walk;
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
    std::string known;
    std::string takes;
    std::string lines;
    for (const auto& command : commands) {
        known += " " + shell_quoted(command.path);
        for (const auto& flag : command.flags) {
            lines += fish_flag(command, flag);
            for (const auto& name : flag.names)
                if (!flag.values.empty()) takes += " " + shell_quoted(command.path + " " + name);
        }
        for (const auto& below : commands) {
            if (below.alias || below.path.substr(0, below.path.rfind(' ')) != command.path ||
                below.path == command.path)
                continue;
            lines += "complete -c intent -n " + shell_quoted("__intent_at " + shell_quoted(command.path) + " 0") +
                     " -a " + shell_quoted(below.path.substr(below.path.rfind(' ') + 1)) + " -d " +
                     shell_quoted(below.help) + "\n";
        }
        for (std::size_t i = 0; i < command.words.size(); ++i) {
            const bool last = i + 1 == command.words.size() && command.repeats;
            const std::string at =
                "__intent_at " + shell_quoted(command.path) + " " + std::to_string(i) + (last ? " more" : "");
            const std::string values = fish_values(command.words[i]);
            if (values != " -x") lines += "complete -c intent -n " + shell_quoted(at) + values + "\n";
        }
    }
    return "# generated by `intent completion fish`\nfunction __intent_known\n    contains -- $argv[1]" + known +
           "\nend\nfunction __intent_takes_value\n    contains -- $argv[1]" + takes + "\nend\n" + fish_walk + "\n" +
           lines;
}

}  // namespace tool
