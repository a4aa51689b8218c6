#!/usr/bin/env python3
"""alone.py HEADER SOURCE: writes a source that includes nothing but the header, twice: it needs no other and has a guard."""
import os
import sys

line = f'#include "{os.path.abspath(sys.argv[1])}"\n'
with open(sys.argv[2], "w", encoding="utf-8") as source:
    source.write(line + line)
