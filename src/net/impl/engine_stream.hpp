// The layer below Beast's WebSocket stream: memory.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace intent::net {

/// The input and output of an EngineStream.
struct EngineMemory {
    std::span<const std::uint8_t> window;                         ///< the bytes to read; must outlive the reading
    std::vector<std::uint8_t> output;                             ///< the bytes written
    std::function<void(boost::system::error_code)> waiting_read;  ///< a pending asynchronous read (the handshake's)

    template <class Buffers>
    std::size_t take(const Buffers& buffers) {
        std::size_t taken = 0;
        for (const boost::asio::mutable_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
            const auto count = std::min(buffer.size(), window.size());
            if (count == 0) break;
            std::memcpy(buffer.data(), window.data(), count);
            window = window.subspan(count);
            taken += count;
        }
        return taken;
    }

    template <class Buffers>
    std::size_t append(const Buffers& buffers) {
        std::size_t count = 0;
        for (const boost::asio::const_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
            const auto* data = static_cast<const std::uint8_t*>(buffer.data());
            output.insert(output.end(), data, data + buffer.size());
            count += buffer.size();
        }
        return count;
    }
};

/// Synchronous calls never wait (`would_block` if the window is empty). Asynchronous reads wait until the engine's
/// owner calls `waiting_read`.
class EngineStream {
public:
    using executor_type = boost::asio::io_context::executor_type;
    using Error = boost::system::error_code;

    EngineStream(executor_type executor, std::shared_ptr<EngineMemory> memory)
        : executor_(executor), memory_(std::move(memory)) {}

    executor_type get_executor() const noexcept { return executor_; }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, Error& error) {
        const auto taken = memory_->take(buffers);
        error = taken == 0 ? Error(boost::asio::error::would_block) : Error();
        return taken;
    }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers) {
        Error error;
        const auto taken = read_some(buffers, error);
        if (error) throw boost::system::system_error(error);
        return taken;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, Error& error) {
        error = {};
        return memory_->append(buffers);
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers) {
        return memory_->append(buffers);
    }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(Error, std::size_t)>(
            [executor = executor_, memory = memory_](auto&& actual, const Buffers& into) {
                auto held = std::make_shared<std::decay_t<decltype(actual)>>(std::forward<decltype(actual)>(actual));
                auto finish = [executor, held, into, weak = std::weak_ptr(memory)](const Error& error) {
                    const auto source = weak.lock();
                    const std::size_t taken = source && !error ? source->take(into) : 0;
                    boost::asio::post(executor, [held, error, taken] { std::move (*held)(error, taken); });
                };
                if (memory->window.empty())
                    memory->waiting_read = std::move(finish);
                else
                    finish({});
            },
            handler, buffers);
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(Error, std::size_t)>(
            [executor = executor_, memory = memory_](auto&& actual, const Buffers& from) {
                const auto count = memory->append(from);
                boost::asio::post(executor, [held = std::forward<decltype(actual)>(actual), count]() mutable {
                    std::move(held)(Error(), count);
                });
            },
            handler, buffers);
    }

private:
    executor_type executor_;
    std::shared_ptr<EngineMemory> memory_;
};

// Beast requires these at the end of a connection; the socket is handled elsewhere.

inline void beast_close_socket(EngineStream&) {}

inline void teardown(boost::beast::role_type, EngineStream&, boost::system::error_code& error) { error = {}; }

template <class Handler>
void async_teardown(boost::beast::role_type, EngineStream& stream, Handler&& handler) {
    boost::asio::post(stream.get_executor(), [held = std::forward<Handler>(handler)]() mutable {
        std::move(held)(boost::system::error_code());
    });
}

}  // namespace intent::net
