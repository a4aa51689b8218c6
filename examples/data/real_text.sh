#!/usr/bin/env bash
# Makes two real texts out of Debian packages, so that a fresh machine can train on something nobody here wrote:
#   real_text.sh DIR   →   DIR/kjv.txt               the King James Bible: a verse a line, a blank line between chapters
#                          DIR/wordnet_glosses.txt   WordNet 3.0: `lemma, lemma: definition; "example"`, a line a meaning
# Packages: bible-kjv with bible-kjv-text (public domain), wordnet-base (WordNet licence). Missing ones are installed.
set -euo pipefail

if [ $# -ne 1 ] || [ "${1:0:1}" = "-" ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  [ "${1:-}" = "--help" ] && exit 0
  exit 2
fi
dir=$1
mkdir -p "$dir"

missing=()
command -v bible > /dev/null 2>&1 || missing+=(bible-kjv bible-kjv-text)
[ -f /usr/share/wordnet/data.noun ] || missing+=(wordnet-base)
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get > /dev/null 2>&1 || { echo "real_text.sh: needs Debian's packages ${missing[*]}" >&2; exit 1; }
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null 2>&1 || { echo "real_text.sh: please run: apt-get install ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" > /dev/null
fi

# "Ge1:2 And the earth…" → "And the earth…"; where the chapter changes, a blank line.
bible -f gen1:1-rev22:21 | awk '
  { reference = $1; chapter = reference; sub(/:[0-9]+$/, "", chapter)
    if (NR > 1 && chapter != last) print ""
    last = chapter
    text = substr($0, length(reference) + 2); sub(/ +$/, "", text); print text }' > "$dir/kjv.txt.tmp"
mv "$dir/kjv.txt.tmp" "$dir/kjv.txt"

# data.noun: offset file type count(hex) lemma id lemma id … | gloss. Header lines begin with blanks.
for part in noun verb adj adv; do
  awk -F ' \\| ' '
    function hex(text,   i, value) {
      for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
      return value }
    /^ / { next }
    { n = split($1, field, " "); count = hex(field[4]); lemmas = ""
      for (i = 0; i < count; i++) {
        lemma = field[5 + 2 * i]; sub(/\([a-z]+\)$/, "", lemma); gsub(/_/, " ", lemma)
        lemmas = lemmas (i > 0 ? ", " : "") lemma }
      gloss = substr($0, index($0, " | ") + 3); gsub(/^[ \t]+|[ \t]+$/, "", gloss)
      print lemmas ": " gloss }' "/usr/share/wordnet/data.$part"
done > "$dir/wordnet_glosses.txt.tmp"
mv "$dir/wordnet_glosses.txt.tmp" "$dir/wordnet_glosses.txt"

wc -lc "$dir/kjv.txt" "$dir/wordnet_glosses.txt"
