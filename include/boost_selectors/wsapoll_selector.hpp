// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_WSAPOLL_SELECTOR_HPP
#define BOOST_SELECTORS_WSAPOLL_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over Windows's WSAPoll.
///
/// Its cost grows with the number of handles. Level and oneshot triggering. Before Windows 10
/// version 2004 the system does not tell that a connect has failed.
///
/// @see https://learn.microsoft.com/en-us/windows/win32/api/winsock2/nf-winsock2-wsapoll
class BOOST_SELECTORS_DECL wsapoll_selector final : public base_selector {
public:
    /// @throws std::system_error if the wake-up's socket can't be had.
    wsapoll_selector();
    ~wsapoll_selector() override;

private:
    void do_register(native_handle_type, interest, token, std::error_code&) override;
    void do_modify(native_handle_type, interest, token, std::error_code&) override;
    void do_unregister(native_handle_type, token) noexcept override;
    void do_wait(std::chrono::nanoseconds, std::size_t, std::error_code&) override;
    void do_collect() override;
    void do_wakeup() noexcept override;
    void do_close() noexcept override;
    capabilities do_capabilities() const noexcept override;
    std::string_view do_name() const noexcept override;

    struct backend;
    std::unique_ptr<backend> backend_;
};

} // namespace boost_selectors

#endif
