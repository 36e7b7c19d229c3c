// What a failure of a Settings says.
#pragma once

#include <intent/settings/errors.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace intent::test {

/// The SettingsError that `f` throws: its fault and its text.
template <class F>
std::pair<SettingsFault, std::string> failure(F f) {
    try {
        f();
    } catch (const SettingsError& error) {
        return {error.fault(), error.what()};
    }
    ADD_FAILURE() << "no SettingsError";
    return {};
}

}  // namespace intent::test
