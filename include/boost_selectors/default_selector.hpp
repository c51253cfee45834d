// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_DEFAULT_SELECTOR_HPP
#define BOOST_SELECTORS_DEFAULT_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// The most efficient selector that works here, or the one that BOOST_SELECTORS_BACKEND names:
/// what make_selector() gives, as a class. name() is the chosen one's.
class BOOST_SELECTORS_DECL default_selector final : public base_selector {
public:
    /// @throws std::system_error as make_selector() does.
    default_selector();
    ~default_selector() override;

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
    native_handle_type do_native_handle(std::error_code&) const override;

    std::unique_ptr<base_selector> chosen_;
};

} // namespace boost_selectors

#endif
