// Errors of the component settings.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/errors.hpp>

#include <string>

namespace intent::inline v0 {

/// What is wrong with a file of settings.
enum class SettingsFault {
    type,       ///< a value has another type than its Setting or its column
    busy,       ///< another process has the file, or had it locked for more than 2 s
    full,       ///< no space is left on the disk, or a quota is exhausted
    read_only,  ///< the file or its folder cannot be written
    damaged,    ///< the content is not, or no longer, that of a file of settings
    newer,      ///< written by a newer version of the bot, or of the SDK
    sql,        ///< SQLite refuses a statement: a misspelt name, a violated constraint, …
    io,         ///< any other failure of the system
};

/// The file of a Settings cannot be opened, read or written. What was committed before stays committed, and the
/// operation that failed has changed nothing. The message names the file or, of a value with a wrong type, its key, its
/// owner, what was found and what was expected.
class INTENT_API SettingsError : public Error {
public:
    /// `text` names the file or the value.
    SettingsError(SettingsFault fault, const std::string& text) : Error(text), fault_(fault) {}

    /// What is wrong.
    SettingsFault fault() const noexcept { return fault_; }

private:
    SettingsFault fault_;
};

}  // namespace intent
