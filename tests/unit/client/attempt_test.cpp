// Attempts: which errors become values, and how they are asked for.
#include <intent/attempt.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace intent::attempt_test {
namespace {

const std::string text = "a text that is too long for a string's own storage";

task<std::string> give() { co_return text; }
task<std::unique_ptr<int>> give_unique() { co_return std::make_unique<int>(5); }
task<> do_it() { co_return; }

template <class E>
task<std::string> fail(E error) {
    throw error;
    co_return "";
}
template <class E>
task<> fail_silently(E error) {
    throw error;
    co_return;
}

HttpErrorInfo forbidden() { return {403, "MISSING_PERMISSION", "", "POST", "/x"}; }

TEST(Attempt, returns_the_result) {
    auto got = attempt(give()).get();
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, text);
    EXPECT_EQ(got->size(), text.size());
    EXPECT_FALSE(got.is<Error>());
    EXPECT_EQ(got.get_if<Error>(), nullptr);
    EXPECT_THROW(got.error(), UsageError);
    EXPECT_EQ(*std::move(got), text);
    auto unique = attempt(give_unique()).get();
    EXPECT_EQ(**std::move(unique), 5);
}

TEST(Attempt, keeps_the_error_with_its_type) {
    const auto got = attempt(fail(ForbiddenError(forbidden()))).get();
    ASSERT_FALSE(got);
    EXPECT_TRUE(got.is<ForbiddenError>());
    EXPECT_TRUE(got.is<HttpError>());
    EXPECT_FALSE(got.is<NotFoundError>());
    EXPECT_EQ(got.get_if<NotFoundError>(), nullptr);
    ASSERT_NE(got.get_if<HttpError>(), nullptr);
    EXPECT_EQ(got.get_if<HttpError>()->status(), 403);
    EXPECT_EQ(got.get_if<HttpError>()->code(), "MISSING_PERMISSION");
    EXPECT_NE(std::string(got.error().what()).find("403"), std::string::npos);
    EXPECT_THROW(static_cast<void>(*got), ForbiddenError);
    EXPECT_THROW(static_cast<void>(got->size()), ForbiddenError);
    EXPECT_THROW(got.raise(), ForbiddenError);
}

TEST(Attempt, keeps_the_error_when_it_is_copied_or_moved) {
    auto got = attempt(fail(ForbiddenError(forbidden()))).get();
    const auto copy = got;
    const auto moved = std::move(got);
    EXPECT_EQ(copy.get_if<HttpError>()->code(), "MISSING_PERMISSION");
    EXPECT_EQ(moved.get_if<HttpError>()->code(), "MISSING_PERMISSION");
}

TEST(Attempt, of_a_call_without_a_result) {
    EXPECT_TRUE(attempt(do_it()).get());
    const auto got = attempt(fail_silently(TimeoutError("too late"))).get();
    EXPECT_FALSE(got);
    EXPECT_TRUE(got.is<NetworkError>());
    EXPECT_STREQ(got.error().what(), "too late");
}

TEST(Attempt, rethrows_cancellation_and_foreign_exceptions) {
    EXPECT_THROW(static_cast<void>(attempt(fail(CancelledError("stopped"))).get()), CancelledError);
    EXPECT_THROW(static_cast<void>(attempt(fail(std::runtime_error("own"))).get()), std::runtime_error);
}

TEST(Attempt, lets_a_coroutine_continue_after_a_failure) {
    const auto bot = []() -> task<std::string> {
        const auto sent = co_await attempt(fail(ForbiddenError(forbidden())));
        if (sent) co_return *sent;
        const auto instead = co_await attempt(give());
        co_return *instead;
    };
    EXPECT_EQ(bot().get(), text);
}

}  // namespace
}  // namespace intent::attempt_test
