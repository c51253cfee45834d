// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Uses the functions of the public headers. It is compiled in each language standard; its undefined
// symbols must be the same in all of them.

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>

using namespace boost_selectors;
using namespace std::chrono_literals;

namespace names {

struct sink final : forwarding_sink {
    using forwarding_sink::forwarding_sink;
};

void use_the_core(base_selector& selector, event_sink& target, std::error_code& ec) {
    native_handle_type const handle = 0;
    selector.register_handle(handle, event::read, ec);
    selector.modify(handle, {event::write, trigger::edge}, nullptr, ec);
    for (ready_event const& ready : selector.select(1ms, 5, ec))
        (void)(ready.key == selector_key{handle, event::read, nullptr});
    selector.select(std::chrono::duration<double>(0.1));
    selector.select_until(std::chrono::steady_clock::now());
    selector.select_until(std::chrono::system_clock::now(), 3, ec);
    for (selector_key const& key : selector.get_map())
        (void)(key != selector_key{handle, event::read, nullptr});
    (void)selector.backend_as<forwarding_backend>();
    (void)selector.get_capabilities();
    sink own(target);
    own.for_each_registration([](selector_key const&, token) {});
    register_selector("name", [] { return make_backend("poll"); });
    (void)make_selector(std::in_place_type<poll_selector>);
}

void use_keyed(std::error_code& ec) {
    keyed_selector<int> selector(make_backend());
    selector.register_handle(0, event::read, 1);
    selector.register_handle(1, event::read, 1, ec);
    for (auto [ready, value] : selector.select(1ms, ec))
        value += ready.readable();
    selector.modify(0, event::write);
    (void)selector.extract(0, ec);
    selector.unregister(0, ec);
}

void use_asio() {
    selector_context context{std::in_place_type<poll_selector>};
    selector_context other(1, make_backend());
    boost::asio::thread_pool pool;
    install_selector(pool, make_selector("poll"));
    boost::asio::ip::tcp::socket socket(context);
    base_selector bare(make_backend());
    bare.register_handle(socket, event::read);
    socket.async_read_some(
        boost::asio::mutable_buffer(), [](boost::system::error_code, std::size_t) {});
    boost::asio::steady_timer timer(context);
    timer.async_wait([](boost::system::error_code) {});
    (void)context.get_statistics();
    (void)context.next_deadline();
    context.native_handle();
    context.run();
}

} // namespace names
