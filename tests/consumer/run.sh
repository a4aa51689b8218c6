#!/usr/bin/env bash
# run.sh [--build FOLDER] [MESON OPTION…]: builds and runs the project in this folder the two ways in which a project
# uses lexigrad: from an installed library through pkg-config, and as a Meson subproject.
#
#   tests/consumer/run.sh                               installs a build of its own
#   tests/consumer/run.sh --build build                 installs a build that is there: saves two minutes
#   CXX=clang++-14 tests/consumer/run.sh -Ddefault_library=shared
#
# The options go to the builds of the library that are made here. Linking and running are what is tested, not speed, so
# they are compiled with little optimisation. Everything lies in a folder of its own, which goes away at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}

say() { echo "--- $*"; }
fail() { echo "tests/consumer/run.sh: $*" >&2; exit 1; }
quietly() {  # shows what a command prints only when it fails
  "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "failed: $*"; }
}

project() {  # a copy of the user's project
  mkdir "$work/$1"
  cp "$here"/*.cpp "$here"/*.hpp "$here/meson.build" "$work/$1"
}

build_and_run() {  # build_and_run FOLDER MESON OPTION…
  local folder=$work/$1
  shift
  quietly meson setup "$folder/build" "$folder" "$@"
  quietly meson compile -C "$folder/build"
  quietly meson test -C "$folder/build" --no-rebuild --print-errorlogs
}

if [ "${1:-}" = --build ]; then
  build=$(cd "$2" && pwd)
  shift 2
  say "installing $build"
  quietly meson install -C "$build" --no-rebuild --destdir "$work/stage"
  export PKG_CONFIG_SYSROOT_DIR=$work/stage
else
  say "installing a release build without tests and examples"
  quietly meson setup "$work/library" "$tree" --prefix "$work/stage/usr" -Dtests=disabled -Dexamples=disabled \
    --buildtype release -Doptimization=1 "$@"
  quietly meson install -C "$work/library"
fi
stray=$(cd "$work/stage" && find . ! -type d ! -path '*/include/lexigrad/*' ! -path '*/lib/*liblexigrad*' \
  ! -path '*/pkgconfig/lexigrad*.pc')
[ -z "$stray" ] || fail "files in places that are not lexigrad's: $stray"
PKG_CONFIG_PATH=$(dirname "$(find "$work/stage" -name lexigrad.pc)")
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export PKG_CONFIG_PATH LD_LIBRARY_PATH

compile() {  # compile PACKAGE ARGUMENT…: no build system, only what pkg-config says
  local package=$1 cflags libs
  shift
  cflags=$(pkg-config --cflags "$package") libs=$(pkg-config --libs "$package")
  # shellcheck disable=SC2086
  quietly "${CXX:-c++}" -std=c++20 $cflags "$@" $libs
}

say "every installed header: it needs fmt and the standard library only"
headers=$(find "$work/stage" -path '*/include/lexigrad' -type d)
(cd "$headers" && find . -name '*.hpp' -printf '#include "%P"\n' | sort) > "$work/headers.cpp"
compile lexigrad -c "$work/headers.cpp" -o "$work/headers.o" -MD -MF "$work/headers.d"
if grep -nE "nlohmann|boost|CLI|utf8proc|omp\.h|$tree/" "$work/headers.d"; then
  fail "a public header includes these"
fi

say "installed: a compiler and pkg-config"
project plain
compile lexigrad "$work/plain/main.cpp" -o "$work/plain/counting"
compile lexigrad_f64 "$work/plain/check_op.cpp" -o "$work/plain/check_op"
(cd "$work/plain" && ./counting && ./check_op) || fail "the programs do not run as they should"

say "installed: a Meson project"
project installed
build_and_run installed --wrap-mode nofallback

say "a Meson project with lexigrad as a subproject"
unset PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH
project subproject
mkdir "$work/subproject/subprojects"
ln -s "$tree" "$work/subproject/subprojects/lexigrad"
build_and_run subproject --force-fallback-for lexigrad,lexigrad_f64 -Doptimization=0 -Ddebug=false "$@"
for folder in examples tests; do
  [ ! -e "$work/subproject/build/subprojects/lexigrad/$folder" ] || fail "as a subproject it builds $folder/"
done
say "all as it should be"
