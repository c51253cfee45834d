// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "real.hpp"
#include <cstdint>
#include <dlfcn.h>
#include <link.h>
#include <string_view>

namespace boost_selectors::simulated {

real_functions const* real_table = nullptr;

namespace {

// The C library has two of some functions, and dlsym() may give the old one (glibc bug 14932). To ask for
// a version that there is not would allocate memory, which a sanitizer may not bear this early.
void* find(char const* name) noexcept {
#if defined(__x86_64__) || defined(__i386__)
    for (char const* const old : {"pthread_cond_wait", "pthread_cond_timedwait",
             "pthread_cond_signal", "pthread_cond_broadcast"})
        if (std::string_view(name) == old)
            return ::dlvsym(RTLD_NEXT, old, "GLIBC_2.3.2");
#endif
    return ::dlsym(RTLD_NEXT, name);
}

void const* sanitizer_begin = nullptr;
void const* sanitizer_end = nullptr;

int find_sanitizer(dl_phdr_info* module, std::size_t, void* init) {
    auto const base = module->dlpi_addr;
    for (int i = 0; i < module->dlpi_phnum; ++i) {
        auto const& part = module->dlpi_phdr[i];
        auto const begin = base + part.p_vaddr;
        auto const address = reinterpret_cast<std::uintptr_t>(init);
        if (part.p_type != PT_LOAD || address < begin || address >= begin + part.p_memsz)
            continue;
        // One that is part of the program itself can't be told from it.
        if (module->dlpi_name && *module->dlpi_name) {
            sanitizer_begin = reinterpret_cast<void const*>(begin);
            sanitizer_end = reinterpret_cast<void const*>(begin + part.p_memsz);
        }
        return 1;
    }
    return 0;
}

[[gnu::constructor(101)]] void find_early() {
    real();
    for (char const* const name : {"__asan_init", "__tsan_init"})
        if (void* const init = ::dlsym(RTLD_DEFAULT, name))
            ::dl_iterate_phdr(find_sanitizer, init);
}

} // namespace

bool is_of_sanitizer(void const* address) noexcept {
    return address >= sanitizer_begin && address < sanitizer_end;
}

foreign_function find_foreign_function() {
    Dl_info own;
    Dl_info other;
    if (::dladdr(reinterpret_cast<void*>(&find_real_functions), &own) == 0)
        return {"dladdr", ""};
    for (char const* const name : {
#define X(f) #f,
             BOOST_SELECTORS_SIMULATED_FUNCTIONS(X)
#undef X
         }) {
        void* const found = ::dlsym(RTLD_DEFAULT, name);
        if (is_of_sanitizer(found)) // It calls ours.
            continue;
        ElfW(Sym)* symbol = nullptr;
        if (!found ||
            ::dladdr1(found, &other, reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT) == 0)
            return {name, ""};
        // A program that is not position independent, and takes the function's address, has a jump
        // to it at that address. Where the jump goes can't be seen.
        if (symbol && symbol->st_shndx == SHN_UNDEF)
            continue;
        if (other.dli_fbase != own.dli_fbase)
            return {name, other.dli_fname};
    }
    return {nullptr, ""};
}

// Several threads may do this at a time, each with the same result. No static local: its guard may
// call syscall(), which is one of these.
real_functions const& find_real_functions() noexcept {
    static real_functions table;
#define X(f) table.f = reinterpret_cast<decltype(&::f)>(find(#f));
    BOOST_SELECTORS_SIMULATED_FUNCTIONS(X)
#undef X
    __atomic_store_n(&real_table, &table, __ATOMIC_RELEASE);
    return table;
}

} // namespace boost_selectors::simulated
