// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_AFD_HPP
#define BOOST_SELECTORS_SRC_AFD_HPP

#include "windows.hpp"
#include <windows.h>

#include <mswsock.h>
#include <winternl.h>

// Declarations that Windows's headers lack: of the socket driver AFD, and of the native API.

extern "C" NTSTATUS NTAPI NtCancelIoFileEx(
    HANDLE file, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK status);

namespace boost_selectors::detail {

constexpr ULONG ioctl_afd_poll = 0x00012024;

// The events of a poll request.
constexpr ULONG afd_receive = 0x0001;
constexpr ULONG afd_receive_expedited = 0x0002;
constexpr ULONG afd_send = 0x0004;
constexpr ULONG afd_disconnect = 0x0008;
constexpr ULONG afd_abort = 0x0010;
constexpr ULONG afd_local_close = 0x0020;
constexpr ULONG afd_accept = 0x0080;
constexpr ULONG afd_connect_fail = 0x0100;

/// Input and output of a poll request for one socket.
struct afd_poll_info {
    LARGE_INTEGER timeout;
    ULONG number_of_handles;
    ULONG exclusive;
    HANDLE handle;
    ULONG events;
    NTSTATUS status;
};

constexpr NTSTATUS status_success = 0;
constexpr NTSTATUS status_pending = 0x00000103;
constexpr NTSTATUS status_cancelled = static_cast<NTSTATUS>(0xC0000120);

inline std::error_code to_error(NTSTATUS status) noexcept {
    return {static_cast<int>(::RtlNtStatusToDosError(status)), std::system_category()};
}

/// Owns a kernel handle.
class kernel_handle {
public:
    kernel_handle() = default;
    explicit kernel_handle(HANDLE handle) noexcept
        : handle_(handle) {}
    kernel_handle(kernel_handle&& other) noexcept
        : handle_(std::exchange(other.handle_, nullptr)) {}
    kernel_handle& operator=(kernel_handle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~kernel_handle() {
        if (handle_)
            ::CloseHandle(handle_);
    }

    HANDLE get() const noexcept { return handle_; }

private:
    HANDLE handle_ = nullptr;
};

/// Opens a handle to the driver. Requests on that handle complete at @p port.
inline kernel_handle open_afd(HANDLE port, std::error_code& ec) noexcept {
    wchar_t path[] = L"\\Device\\Afd\\boost_selectors";
    UNICODE_STRING name{};
    name.Buffer = path;
    name.Length = sizeof path - sizeof *path;
    name.MaximumLength = sizeof path;
    OBJECT_ATTRIBUTES attributes{};
    attributes.Length = sizeof attributes;
    attributes.ObjectName = &name;
    IO_STATUS_BLOCK status{};
    HANDLE handle = nullptr;
    NTSTATUS const result = ::NtCreateFile(&handle, SYNCHRONIZE, &attributes, &status, nullptr, 0,
        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, nullptr, 0);
    ec.clear();
    if (result != status_success) {
        ec = to_error(result);
        return {};
    }
    kernel_handle afd(handle);
    if (!::CreateIoCompletionPort(handle, port, 0, 0) ||
        !::SetFileCompletionNotificationModes(handle, FILE_SKIP_SET_EVENT_ON_HANDLE))
        ec = {static_cast<int>(::GetLastError()), std::system_category()};
    return afd;
}

/// Returns the socket that the driver knows. It differs from @p socket if other providers are
/// layered over it.
inline SOCKET base_socket(SOCKET socket, std::error_code& ec) noexcept {
    SOCKET base = INVALID_SOCKET;
    DWORD bytes;
    ec.clear();
    for (DWORD const how : {DWORD{SIO_BASE_HANDLE}, DWORD{SIO_BSP_HANDLE_POLL}}) {
        // The second is for layers that hide the base handle, which they must not do.
        if (::WSAIoctl(socket, how, nullptr, 0, &base, sizeof base, &bytes, nullptr, nullptr) == 0)
            return base;
        if (!ec)
            ec = last_error();
    }
    return INVALID_SOCKET;
}

} // namespace boost_selectors::detail

#endif
