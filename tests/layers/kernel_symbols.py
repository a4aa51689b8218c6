#!/usr/bin/env python3
"""kernel_symbols.py SANITIZERS LIBRARY...: fails when a kernel library defines a weak symbol or exports more than tables.

The libraries are compiled for instruction sets that the CPU may lack, so nothing else may take a function from them.
Exit code 77 (Meson: skipped) under sanitizers, which add weak symbols of their own.
"""
import subprocess
import sys


def main():
    sanitizers, libraries = sys.argv[1], sys.argv[2:]
    if sanitizers != "none":
        print(f"skipped: b_sanitize={sanitizers} adds weak symbols")
        return 77
    failed, tables = False, 0
    for library in libraries:
        listing = subprocess.run(["nm", "-C", "--defined-only", library], check=True, capture_output=True, text=True).stdout
        rows = [line.split(None, 2) for line in listing.splitlines()]
        for row in (r for r in rows if len(r) == 3 and len(r[1]) == 1):
            kind, name = row[1], row[2]
            if kind in "WVwvu":
                print(f"{library}: weak symbol {name}")
                failed = True
            elif kind.isupper() and "kernels_" not in name:
                print(f"{library}: exports {name} ({kind})")
                failed = True
            elif kind.isupper():
                tables += 1
    print(f"{len(libraries)} libraries, {tables} exported tables")
    if tables < len(libraries):
        print("a library exports no table")
        failed = True
    return 1 if failed else 0


sys.exit(main())
