// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_FILE_OF_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_FILE_OF_HPP

#include <boost/asio/detail/socket_types.hpp>
#include <boost_selectors/native_handle.hpp>
#include <cerrno>
#include <cstdint>

#if !defined(_WIN32)
#    include <sys/stat.h>
#endif

namespace boost_selectors::detail {

/// Returns a number for the file of a descriptor. It distinguishes the files that have the same
/// descriptor number one after the other. It can't distinguish files that share an inode (eventfds,
/// for example), sockets on Windows, and files whose size or inode does not fit into a 32-bit
/// `stat`.
/// @return a 63-bit number.
/// @param error set to the system's error if the descriptor is not open, else to 0.
inline std::uint64_t file_of(native_handle_type descriptor, int& error) noexcept {
    error = 0;
#if defined(_WIN32)
    int type;
    int size = sizeof type;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) != 0)
        error = ::WSAGetLastError();
    return 0;
#else
    struct stat status {};
    if (::fstat(descriptor, &status) == -1) {
        if (errno != EOVERFLOW)
            error = errno;
        return 0;
    }
    constexpr int inode_bits = 48;
    auto const file = static_cast<std::uint64_t>(status.st_ino) ^
                      static_cast<std::uint64_t>(status.st_dev) << inode_bits;
    return file << 1 >> 1;
#endif
}

} // namespace boost_selectors::detail

#endif
