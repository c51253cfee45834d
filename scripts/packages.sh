# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# To be sourced. Makes sure that packages of Debian or Ubuntu are installed.

package_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# require_packages NAME...: installs the missing packages, or lists them and exits. On systems
# without dpkg it looks only for the tools; the build reports missing libraries.
require_packages() {
  local missing=() name
  if ! command -v dpkg-query >/dev/null; then
    for name in cmake make c++; do
      command -v "$name" >/dev/null || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "Missing: ${missing[*]}. Please install CMake, Make, a C++ compiler, Boost 1.81 or later with" >&2
    echo "Boost.Test, and on Linux liburing; \"Getting started\" in the documentation names the packages." >&2
    exit 1
  fi
  for name in "$@"; do
    package_installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo true; then
      echo "These packages are missing; please install them:" >&2
      echo "  apt-get install ${missing[*]}" >&2
      exit 1
    fi
    root=(sudo)
  fi
  echo "Installing ${missing[*]} ..."
  local log
  log=$(mktemp)
  if ! { "${root[@]}" apt-get update &&
         DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y --no-install-recommends \
           "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "Could not install: ${missing[*]}" >&2
    exit 1
  fi
  rm -f "$log"
}

# boost_packages KIND...: prints the names of Boost's packages (dev, test, doc ...) on this system.
# Debian 12 has 1.81 in addition to an older default; elsewhere the default is recent enough.
boost_packages() {
  local version= kind
  if package_installed libboost1.81-dev || grep -qs 'VERSION_CODENAME=bookworm' /etc/os-release; then
    version=1.81
  fi
  for kind in "$@"; do
    case $kind in
      test | context | coroutine | filesystem | log | thread) echo "libboost-$kind$version-dev" ;;
      doc) echo "libboost$version-doc" ;;
      tools) echo "libboost$version-tools-dev" ;;
      *) echo "libboost$version-$kind" ;;
    esac
  done
}
