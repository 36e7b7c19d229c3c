"""The Conan 2 recipe of the library. It exports the source tree that it is in:

    conan create packaging/conan --build=missing
"""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
from conan.tools.scm import Version

SOURCES = ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "sandbox/*", "tools/*", "web/dist/*")


class IntentConan(ConanFile):
    name = "intent"
    description = "Bot SDK for the Intent chat platform"
    license = "MIT"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "shared": [True, False],
        "fPIC": [True, False],
        "sandbox": [True, False],
        "settings": [True, False],
        "tool": [True, False],
    }
    default_options = {"shared": False, "fPIC": True, "sandbox": True, "settings": True, "tool": False}
    implements = ["auto_shared_fpic"]

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    @property
    def _has_time_zones(self):
        """Whether <chrono> of the compiler has them; cmake/IntentTimeZones.cmake tries it."""
        return self.settings.compiler == "gcc" and Version(self.settings.compiler.version) >= "14"

    def set_version(self):
        self.version = re.search(r"project\(intent VERSION ([\d.]+)", load(self, os.path.join(self._root, "CMakeLists.txt")))[1]

    def export_sources(self):
        for pattern in SOURCES:
            copy(self, pattern, self._root, self.export_sources_folder)

    def requirements(self):
        self.requires("boost/[>=1.81]")
        self.requires("openssl/[>=3 <4]")
        self.requires("libcurl/[>=7.80 <9]")
        self.requires("utf8proc/[>=2.7]")
        if not self._has_time_zones:
            self.requires("date/[>=3 <4]")
        if self.options.sandbox or self.options.settings or self.options.tool:
            self.requires("sqlite3/[>=3.37]")
        if self.options.tool:
            self.requires("cli11/[>=2]")
            self.requires("fmt/[>=9]")
            self.requires("re2/[>=20220601]")

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["INTENT_BUILD_SANDBOX"] = bool(self.options.sandbox or self.options.tool)
        toolchain.cache_variables["INTENT_BUILD_SETTINGS"] = bool(self.options.settings)
        toolchain.cache_variables["INTENT_BUILD_RELAY"] = False
        toolchain.cache_variables["INTENT_BUILD_TOOL"] = bool(self.options.tool)
        toolchain.cache_variables["INTENT_BUILD_TESTS"] = False
        toolchain.cache_variables["INTENT_BUILD_EXAMPLES"] = False
        toolchain.generate()
        dependencies = CMakeDeps(self)
        for package in ("utf8proc", "boost"):
            dependencies.set_property(package, "cmake_find_mode", "both")
        dependencies.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        # The library's own CMake package finds its dependencies, and has the note about g++ 12.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs.append(os.path.join("lib", "cmake", "intent"))
        self.cpp_info.libs = ["intent"]
