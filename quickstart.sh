#!/usr/bin/env bash
# Two commands do everything on a fresh machine:
#   ./quickstart.sh           installs what is missing, builds, trains embeddings on the embedded corpus, shows them
#   ./quickstart.sh test      the same set-up, then all tests
# Arguments after -- go to the program (train_embeddings), or to `meson test`:
#   ./quickstart.sh -- --seed 2 --show dog,queen
set -euo pipefail
cd "$(dirname "$0")"

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }

command=run
case "${1:-}" in
  "" | --) ;;
  run) shift ;;
  test) command=test; shift ;;
  -h | --help) usage; exit 0 ;;
  *) echo "quickstart.sh: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
esac
if [ "${1:-}" = "--" ]; then shift; elif [ $# -gt 0 ]; then
  echo "quickstart.sh: unexpected '$1'; arguments for the program stand after --" >&2
  exit 2
fi

build=${LEXIGRAD_BUILD:-build}

# --- what is needed: a program or a file that shows it is there, and the Debian package that brings it
missing=()
need_program() { command -v "$1" > /dev/null 2>&1 || missing+=("$2"); }
need_header() {  # does a C++ file with this include compile?
  echo "#include <$1>" | ${CXX:-c++} -std=c++20 -E -x c++ - > /dev/null 2>&1 || missing+=("$2")
}
look() {
  missing=()
  need_program "${CXX:-c++}" g++
  need_program meson meson
  need_program ninja ninja-build
  need_program pkg-config pkg-config
  need_program python3 python3
  need_header fmt/format.h libfmt-dev
  need_header nlohmann/json.hpp nlohmann-json3-dev
  need_header CLI/CLI.hpp libcli11-dev
  need_header utf8proc.h libutf8proc-dev
  need_header zlib.h zlib1g-dev
  need_header boost/test/unit_test.hpp libboost-test-dev
}

install_missing() {
  local list=("${missing[@]}") as_root=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo > /dev/null 2>&1 && sudo -n true 2> /dev/null || { [ -t 0 ] && command -v sudo > /dev/null 2>&1; }; then
      as_root=(sudo)
    else
      as_root=(none)
    fi
  fi
  if command -v apt-get > /dev/null 2>&1; then
    echo "missing: ${list[*]}"
    if [ "${as_root[*]:-}" = none ]; then
      echo "not root and no sudo; please run:  apt-get install ${list[*]}" >&2
      exit 1
    fi
    echo "installing them with apt-get"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${list[@]}" > /dev/null
    return
  fi
  {
    echo "missing (by their Debian names): ${list[*]}"
    echo "please install them; on other systems than Debian these lines have not been tested:"
    echo "  dnf install gcc-c++ meson ninja-build pkgconf python3 fmt-devel json-devel cli11-devel utf8proc-devel zlib-devel boost-devel"
    echo "  pacman -S gcc meson ninja pkgconf python fmt nlohmann-json cli11 libutf8proc zlib boost"
    echo "  brew install meson ninja pkg-config fmt nlohmann-json cli11 utf8proc zlib boost libomp"
  } >&2
  exit 1
}

look
if [ ${#missing[@]} -gt 0 ]; then
  install_missing
  look
  if [ ${#missing[@]} -gt 0 ]; then
    echo "quickstart.sh: still missing after the installation: ${missing[*]}" >&2
    exit 1
  fi
fi

# --- build; a second run finds everything done
if [ ! -f "$build/build.ninja" ]; then
  echo "configuring $build/"
  # shellcheck disable=SC2086
  meson setup "$build" ${LEXIGRAD_SETUP:-} > "$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
  mv "$build.log" "$build/quickstart-setup.log"
fi

# Threads that wait for work spin only for a moment: on a busy machine a longer spin steals the time it waits for.
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}

if [ "$command" = test ]; then
  echo "building everything"
  meson compile -C "$build" all-tests
  exec meson test -C "$build" --no-rebuild --print-errorlogs "$@"
fi

echo "building the programs"
ninja -C "$build" --quiet examples/train_embeddings examples/explore
echo
"$build/examples/train_embeddings" "$@"
# The folder the run wrote to, to say what to look at next.
out=out
arguments=("$@")
for i in "${!arguments[@]}"; do
  case "${arguments[$i]}" in
    --out | --resume) out=${arguments[$((i + 1))]:-out} ;;
    --out=* | --resume=*) out=${arguments[$i]#*=} ;;
    -h | --help) exit 0 ;;
  esac
done
cat << TEXT

look at the map:  $out/map.html  (all words: search, neighbours, a slider from noise to meaning; any browser opens it)
                  $out/map.svg   (some words, before and after, side by side)
ask more:         $build/examples/explore $out   (a prompt: queen, or king - man + woman)
                  $build/examples/explore $out axis --from man,boy,he --to woman,girl,she
train your own:   $build/examples/train_embeddings --text your.txt --out mine
TEXT
