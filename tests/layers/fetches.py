#!/usr/bin/env python3
"""fetches.py LIBRARY SOURCE...: fails when the object of a source, which asks for memory ahead, has no such instruction.

A compiler may take a function that only fetches for one without effect and leave out its calls. Results stay the same,
so no other test sees it. Exit code 77 (Meson: skipped) where the library is no archive of x86 code.
"""
import platform
import re
import subprocess
import sys


def main():
    library, sources = sys.argv[1], sys.argv[2:]
    if not library.endswith(".a") or platform.machine() != "x86_64":
        print(f"skipped: {library} on {platform.machine()} is no archive of x86 code")
        return 77
    listing = subprocess.run(["objdump", "-d", library], check=True, capture_output=True, text=True).stdout
    parts = re.split(r"^(\S+\.o): +file format", listing, flags=re.MULTILINE)  # ["", name, code, name, code ..]
    counts = {name: code.count("prefetch") for name, code in zip(parts[1::2], parts[2::2])}
    found = {source: sum(n for name, n in counts.items() if source in name) for source in sources}
    for source, count in found.items():
        print(f"{source}: {count} instructions that fetch")
    return 0 if all(found.values()) else 1


sys.exit(main())
