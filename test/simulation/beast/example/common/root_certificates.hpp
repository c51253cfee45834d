// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_BEAST_EXAMPLE_COMMON_ROOT_CERTIFICATES_HPP
#define BOOST_BEAST_EXAMPLE_COMMON_ROOT_CERTIFICATES_HPP

// In place of the examples' own header, which has the authorities of some servers in the Internet: here
// the clients trust the certificate of the examples' servers, and no other.

#include "example/common/server_certificate.hpp"
#include <boost/asio/ssl.hpp>

inline void load_root_certificates(boost::asio::ssl::context& ctx) {
    boost::asio::ssl::context server(boost::asio::ssl::context::tls_server);
    load_server_certificate(server);
    ::X509_STORE_add_cert(::SSL_CTX_get_cert_store(ctx.native_handle()),
        ::SSL_CTX_get0_certificate(server.native_handle()));
}

#endif
