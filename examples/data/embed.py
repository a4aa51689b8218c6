#!/usr/bin/env python3
"""Turns a text file into a C++ source with its bytes: embed.py INPUT OUTPUT NAME [HEADER NAMESPACE]. Run by Meson."""
import sys

def main():
    source, target, name = sys.argv[1:4]
    header, namespace = sys.argv[4:6] if len(sys.argv) > 4 else ("data/embedded.hpp", "lexigrad::data")
    data = open(source, "rb").read()
    rows = [",".join(map(str, data[i : i + 64])) for i in range(0, len(data), 64)]
    with open(target, "w", encoding="ascii") as out:
        out.write(f'#include "{header}"\n\nnamespace {namespace} {{\nnamespace {{\n')
        out.write("const unsigned char bytes[] = {\n" + ",\n".join(rows) + "};\n}  // namespace\n\n")
        out.write(f"std::string_view {name}() {{ return {{reinterpret_cast<const char*>(bytes), sizeof(bytes)}}; }}\n")
        out.write(f"\n}}  // namespace {namespace}\n")

main()
