// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECT_SELECTOR_HPP
#define BOOST_SELECTORS_SELECT_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over select(), which every system has.
///
/// On POSIX systems it is not bound by FD_SETSIZE: it brings sets of its own, as large as needed.
/// Its cost grows with the highest handle number. Level and oneshot triggering.
///
/// @see https://pubs.opengroup.org/onlinepubs/9699919799/functions/pselect.html
class BOOST_SELECTORS_DECL select_selector final : public base_selector {
public:
    /// @throws std::system_error if the wake-up's descriptors can't be had.
    select_selector();
    ~select_selector() override;

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
    void do_fork_child(std::error_code&) override;

    struct backend;
    std::unique_ptr<backend> backend_;
};

} // namespace boost_selectors

#endif
