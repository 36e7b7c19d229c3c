#include "toolkit/core/permission_answers.hpp"

#include "text/ascii.hpp"

namespace intent::toolkit {

std::optional<Permissions> PermissionAnswers::find(Time now, MemberId member) const {
    const auto found = answers_.find(member);
    if (found == answers_.end() || now - found->second.time >= max_age) return std::nullopt;
    return found->second.permissions;
}

void PermissionAnswers::keep(Time now, MemberId member, Permissions permissions) {
    if (answers_.size() >= max_answers)
        std::erase_if(answers_, [&](const auto& entry) { return now - entry.second.time >= max_age; });
    if (answers_.size() >= max_answers) answers_.clear();
    answers_.insert_or_assign(member, Answer{permissions, now});
}

std::string missing_permissions(Permissions has, Permissions wanted) {
    std::string names = text::lower_case(wanted.without(has).names());
    bool starts_word = true;
    for (char& c : names) {
        if (c == '_') c = ' ';
        if (starts_word && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        starts_word = c == ' ';
    }
    return names;
}

}  // namespace intent::toolkit
