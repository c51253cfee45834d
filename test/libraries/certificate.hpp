// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_LIBRARIES_CERTIFICATE_HPP
#define BOOST_SELECTORS_TEST_LIBRARIES_CERTIFICATE_HPP

/// @file
/// TLS for the tests: a self-signed certificate.

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <string>

namespace asio_test {

/// A certificate for `localhost` and its key, both in PEM format. Valid for an hour.
struct certificate {
    certificate() {
        owned<EVP_PKEY, EVP_PKEY_free> const pair(checked(EVP_EC_gen("P-256")));
        owned<X509, X509_free> const x509(checked(X509_new()));
        X509_set_version(x509.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
        X509_set_pubkey(x509.get(), pair.get());
        X509_NAME* const name = X509_get_subject_name(x509.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
            reinterpret_cast<unsigned char const*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(x509.get(), name);
        owned<X509_EXTENSION, X509_EXTENSION_free> const names(
            checked(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost")));
        X509_add_ext(x509.get(), names.get(), -1);
        checked(X509_sign(x509.get(), pair.get(), EVP_sha256()));
        pem = text([&](BIO* out) { return PEM_write_bio_X509(out, x509.get()); });
        key = text([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    boost::asio::ssl::context server_context() const {
        using boost::asio::ssl::context;
        context tls(context::tls_server);
        tls.use_certificate(boost::asio::buffer(pem), context::pem);
        tls.use_private_key(boost::asio::buffer(key), context::pem);
        return tls;
    }

    /// A context that accepts only servers with this certificate.
    boost::asio::ssl::context client_context() const {
        boost::asio::ssl::context tls(boost::asio::ssl::context::tls_client);
        tls.add_certificate_authority(boost::asio::buffer(pem));
        tls.set_verify_mode(boost::asio::ssl::verify_peer);
        return tls;
    }

    std::string pem;
    std::string key;

private:
    template <auto Free>
    struct deleter {
        template <class T>
        void operator()(T* p) const {
            Free(p);
        }
    };
    template <class T, auto Free>
    using owned = std::unique_ptr<T, deleter<Free>>;

    template <class T>
    static T checked(T result) {
        if (!result)
            throw std::runtime_error("OpenSSL could not create a certificate");
        return result;
    }

    template <class Write>
    static std::string text(Write write) {
        owned<BIO, BIO_free_all> const out(checked(BIO_new(BIO_s_mem())));
        checked(write(out.get()));
        char* data = nullptr;
        long const size = BIO_get_mem_data(out.get(), &data);
        return std::string(data, std::size_t(size));
    }
};

} // namespace asio_test

#endif
