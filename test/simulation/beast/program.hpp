// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SIMULATION_BEAST_PROGRAM_HPP
#define BOOST_SELECTORS_TEST_SIMULATION_BEAST_PROGRAM_HPP

#include <dlfcn.h>
#include <stdexcept>
#include <string>
#include <vector>

/// A program that is a module: its main() is called program_main() there.
class program {
public:
    explicit program(std::string const& name)
        : name_(name) {
        std::string const file = PROGRAMS "/" + name + ".so";
        void* const module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!module)
            throw std::runtime_error(::dlerror());
        main_ = reinterpret_cast<int (*)(int, char**)>(::dlsym(module, "_Z12program_mainiPPc"));
        if (!main_)
            throw std::runtime_error(::dlerror());
    }

    int operator()(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), name_);
        std::vector<char*> pointers;
        for (std::string& a : arguments)
            pointers.push_back(a.data());
        pointers.push_back(nullptr);
        return main_(int(arguments.size()), pointers.data());
    }

private:
    std::string name_;
    int (*main_)(int, char**);
};

#endif
