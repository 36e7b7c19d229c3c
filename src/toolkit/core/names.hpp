// The names of commands: which one a line begins with, and which are similar to a misspelt one.
#pragma once

#include "toolkit/core/words.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {

/// Names and aliases, each with the number of its command. Names of several words have one space between them; the case
/// of ASCII letters does not matter.
class Names {
public:
    struct Match {
        std::size_t command = 0;
        std::size_t words = 0;  ///< of the name
    };

    /// False if the name is taken.
    bool add(std::string_view name, std::size_t command);
    /// Removes all names of a command.
    void remove(std::size_t command);

    /// The longest name that the words begin with.
    std::optional<Match> find(std::span<const Word> words) const;
    std::optional<std::size_t> find(std::string_view name) const;

    /// True if `name` is the first part of a longer name: "tag" of "tag add".
    bool begins_a_name(std::string_view name) const;

    /// The name that is most similar to the start of the words, if one is similar enough to be a typing error.
    std::optional<std::string> similar(std::span<const Word> words) const;

private:
    std::map<std::string, std::size_t, std::less<>> commands_ = {};
    std::size_t max_words_ = 0;
};

/// The number of bytes to insert, remove, replace, or swap with a neighbour to make one text of the other. Texts are
/// cut at 64 bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace intent::toolkit
