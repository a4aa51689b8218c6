#!/usr/bin/env python3
"""fetches.py LIBRARY SOURCE[=INSTRUCTION]...: fails when the object of a source lacks an instruction (prefetch).

A compiler may take a function that only fetches for one without effect and leave out its calls, and stores past the
caches (movnt) may become ordinary ones. Results stay the same, so no other test sees it. Exit code 77 (Meson: skipped)
where the library is no archive of x86 code.
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
    objects = list(zip(parts[1::2], parts[2::2]))  # of one source for several instruction sets, the same name
    lacking = 0
    for wanted in sources:
        source, _, instruction = wanted.partition("=")
        instruction = instruction or "prefetch"
        count = sum(code.count(instruction) for name, code in objects if source in name)
        print(f"{source}: {count} times {instruction}")
        lacking += count == 0
    return 1 if lacking else 0


sys.exit(main())
