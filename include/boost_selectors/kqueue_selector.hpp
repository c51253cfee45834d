// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_KQUEUE_SELECTOR_HPP
#define BOOST_SELECTORS_KQUEUE_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over kqueue(2): the default on macOS and the BSDs. On Linux it can be built over
/// libkqueue, which is meant for trying it out.
///
/// Its cost grows with the number of ready handles alone. Level, edge and oneshot triggering; no
/// event::priority. A handle that is closed without having been unregistered falls silent; regular
/// files are refused with EPERM.
///
/// libkqueue returns at most 512 events by one call.
///
/// @see https://man.freebsd.org/cgi/man.cgi?query=kqueue
class BOOST_SELECTORS_DECL kqueue_selector final : public base_selector {
public:
    /// @throws std::system_error if the descriptors of kqueue or of the wake-up can't be had.
    kqueue_selector();
    ~kqueue_selector() override;

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

    struct backend;
    std::unique_ptr<backend> backend_;
};

} // namespace boost_selectors

#endif
