// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_FORWARDING_BACKEND_HPP
#define BOOST_SELECTORS_FORWARDING_BACKEND_HPP

#include <boost_selectors/selector_backend.hpp>
#include <memory>

namespace boost_selectors {

/// A backend that forwards every call to another backend, which it owns. The base class of
/// wrappers.
///
/// A wrapper overrides the functions that it wants to change or to observe. To call the wrapped
/// backend, the override calls the same function of this class. Tokens are passed on unchanged. An
/// override of wake() is called by signal handlers, so it must not write to a stream, for example.
///
/// @par Example
/// @code
/// class counting_backend : public forwarding_backend {
/// public:
///     counting_backend() : forwarding_backend(make_backend()) {}
///
/// private:
///     void wait(nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
///         ++waits_;
///         forwarding_backend::wait(timeout, max_events, ec);
///     }
///     std::atomic<int> waits_ = 0;
/// };
/// @endcode
class BOOST_SELECTORS_DECL forwarding_backend : public selector_backend {
public:
    ~forwarding_backend() override;

protected:
    /// Makes a wrapper with the name and the capabilities of @p inner.
    /// @throws std::system_error errc::invalid_argument if @p inner is null.
    explicit forwarding_backend(std::unique_ptr<selector_backend>&& inner);

    /// Makes a wrapper with another name and the capabilities of @p inner.
    /// @throws std::system_error errc::invalid_argument if @p inner is null.
    forwarding_backend(std::string_view name, std::unique_ptr<selector_backend>&& inner);

    /// Makes a wrapper with another name and other capabilities.
    /// @param name copied.
    /// @param can the capabilities of @p inner, without those that the wrapper takes away.
    /// @param inner the backend to forward to.
    /// @throws std::system_error errc::invalid_argument if @p inner is null.
    forwarding_backend(
        std::string_view name, capabilities can, std::unique_ptr<selector_backend>&& inner);

    // The functions of selector_backend. Each calls the same function of the inner backend.

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override;
    void modify(native_handle_type handle, interest wanted, token id, std::error_code& ec) override;
    void remove(native_handle_type handle, token id) noexcept override;
    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override;
    void collect(event_sink& sink) override;
    void wake() noexcept override;
    void close() noexcept override;
    void abandon() noexcept override;
    void after_fork(std::error_code& ec) override;
    native_handle_type native_handle(std::error_code& ec) override;

private:
    friend class base_selector;

    std::unique_ptr<selector_backend> inner_;
};

} // namespace boost_selectors

#endif
