// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A handle that is no socket, or a socket that the socket driver does not serve, is refused with
// the system's error.

#define BOOST_TEST_MODULE windows
#include <boost/test/unit_test.hpp>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/test/support.hpp>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;

void check_refused(base_selector& selector, native_handle_type handle) {
    auto const good = make_stream_pair();
    selector.register_handle(good.first, event::read);
    std::error_code ec;
    selector.register_handle(handle, event::read, nullptr, ec);
    BOOST_TEST(is_not_open(ec), ec.message());
    BOOST_TEST(!selector.find(handle));
    BOOST_TEST(selector.get_map().size() == 1u);
    send(good.second, "x");
    BOOST_TEST(events_of(selector.select(deadline), good.first) == event::read);
    selector.unregister(good.first);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_no_socket_is_refused_and_nothing_is_kept) {
    HANDLE const object = ::CreateEventW(nullptr, TRUE, TRUE, nullptr);
    HANDLE pipe[2];
    BOOST_REQUIRE(::CreatePipe(&pipe[0], &pipe[1], nullptr, 0));
    for (std::string const& name : available_selectors()) {
        BOOST_TEST_CONTEXT(name) {
            auto const selector = make_selector(name);
            for (HANDLE const handle : {object, pipe[0], pipe[1]})
                check_refused(*selector, reinterpret_cast<native_handle_type>(handle));
        }
    }
    for (HANDLE const handle : {object, pipe[0], pipe[1]})
        ::CloseHandle(handle);
}
