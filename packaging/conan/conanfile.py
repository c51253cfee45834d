# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""A recipe for Conan 2: `conan create packaging/conan`, in the sources' root."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class BoostSelectors(ConanFile):
    name = "boost_selectors"
    description = "Python's selectors for C++, and Boost.Asio on the selector of one's choice"
    license = "BSL-1.0"
    topics = ("asio", "epoll", "io_uring", "kqueue", "selectors")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "asio": [True, False],
               "io_uring": [True, False], "simulation": [True, False]}
    default_options = {"shared": False, "fPIC": True, "asio": True, "io_uring": True,
                       "simulation": False}

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    def set_version(self):
        header = load(self, os.path.join(self._root, "include/boost_selectors/version.hpp"))
        self.version = ".".join(re.findall(r"define BOOST_SELECTORS_VERSION_\w+ (\d+)", header))

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE_1_0.txt", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, self._root, self.export_sources_folder)

    def config_options(self):
        if self.settings.os == "Windows":
            del self.options.fPIC
        if self.settings.os != "Linux":
            del self.options.io_uring
            del self.options.simulation

    def configure(self):
        if self.options.shared:
            self.options.rm_safe("fPIC")

    def requirements(self):
        if self.options.asio:
            self.requires("boost/[>=1.81]", options={"header_only": True}, transitive_headers=True)
        if self.options.get_safe("io_uring"):
            self.requires("liburing/[>=2.3]")

    def validate(self):
        check_min_cppstd(self, 20)  # To build it; its headers need C++17.

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["BUILD_TESTING"] = False
        toolchain.cache_variables["BOOST_SELECTORS_BUILD_EXAMPLES"] = False
        toolchain.cache_variables["BOOST_SELECTORS_ASIO"] = bool(self.options.asio)
        toolchain.cache_variables["BOOST_SELECTORS_IO_URING"] = bool(
            self.options.get_safe("io_uring"))
        toolchain.cache_variables["BOOST_SELECTORS_SIMULATION"] = bool(
            self.options.get_safe("simulation"))
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE_1_0.txt", self.source_folder,
             os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        # The library's own package: the order of its include folders matters.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "boost_selectors")]
