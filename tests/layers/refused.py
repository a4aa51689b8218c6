#!/usr/bin/env python3
"""refused.py SOURCE ROOT COMPILER...: compiles SOURCE as it is, which has to work, and once with -DNAME for each branch
`defined(NAME)  // refused: PATTERN`, which has to fail with an error that PATTERN is found in. Nothing is written."""
import re
import subprocess
import sys


def errors(compiler, arguments):
    """What the compiler says; "" when it compiles."""
    run = subprocess.run(compiler + arguments, capture_output=True, text=True)
    return "" if run.returncode == 0 else run.stderr or "no message"


def main():
    source, root, compiler = sys.argv[1], sys.argv[2], sys.argv[3:]
    arguments = ["-std=c++20", "-fsyntax-only", "-I", root, source]
    with open(source, encoding="utf-8") as text:
        cases = re.findall(r"defined\((\w+)\) +// refused: (.+)$", text.read(), re.MULTILINE)
    assert len(cases) >= 5, "the cases were not found"
    said = errors(compiler, arguments)
    if said:
        print(f"without a mistake {source} has to compile, but:\n{said}")
        return 1
    failed = 0
    for name, pattern in cases:
        said = errors(compiler, arguments + [f"-D{name}"])
        if not said:
            print(f"{name}: compiles, and must not")
        elif not re.search(pattern, said, re.DOTALL):
            print(f"{name}: refused, but not for `{pattern}`:\n{said}")
        else:
            print(f"{name}: refused")
            continue
        failed += 1
    return 1 if failed else 0


sys.exit(main())
