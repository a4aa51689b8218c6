#!/usr/bin/env python3
"""gensim opens our files and finds the same neighbours: gensim_opens.py EXPLORE. Run by Meson.

Python's own pieces and gensim (Debian: python3-gensim) with numpy; without them the test is shown as skipped (exit 77).
"""
import json, os, random, subprocess, sys, tempfile

def load():
    # The system's interpreter has Debian's packages; the one first on PATH may be another.
    try:
        from gensim.models import KeyedVectors
        return KeyedVectors
    except ImportError:
        if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3") and "GENSIM_RETRIED" not in os.environ:
            os.execve("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv, dict(os.environ, GENSIM_RETRIED="1"))
        print("SKIPPED gensim_opens: gensim is not installed (Debian: apt-get install python3-gensim)", file=sys.stderr)
        sys.exit(77)

def write_text(path, words, dim, rng):
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"{len(words)} {dim}\n")
        for word in words:
            out.write(word + "".join(f" {rng.gauss(0, 1):.6f}" for _ in range(dim)) + "\n")

def ask(explore, table, word):
    answer = subprocess.run([explore, table, "--json", "neighbours", word, "--count", "8"], check=True, capture_output=True, text=True)
    return [(found["word"], found["score"]) for found in json.loads(answer.stdout)["found"]]

def main():
    KeyedVectors = load()
    explore, rng = sys.argv[1], random.Random(5)
    words = [f"wort{i}ä" for i in range(500)]
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "source.txt")
        write_text(source, words, 20, rng)
        ours = {"text": os.path.join(folder, "ours.txt"), "binary": os.path.join(folder, "ours.bin"),
                "packed": os.path.join(folder, "ours.txt.gz")}
        for path in ours.values():
            subprocess.run([explore, source, "convert", path], check=True, stdout=subprocess.DEVNULL)
        for kind, path in ours.items():
            theirs = KeyedVectors.load_word2vec_format(path, binary=kind == "binary")
            assert theirs.index_to_key == words, f"{kind}: other words"
            for word in words[::50]:
                found, expected = ask(explore, path, word), theirs.most_similar(word, topn=8)
                assert [w for w, _ in found] == [w for w, _ in expected], f"{kind}: {word}: {found} and {expected}"
                assert all(abs(a - b) < 1e-5 for (_, a), (_, b) in zip(found, expected)), f"{kind}: {word}"
            # And what gensim writes is read by us.
            for binary in (False, True):
                back = os.path.join(folder, "theirs.bin" if binary else "theirs.txt")
                theirs.save_word2vec_format(back, binary=binary)
                assert [w for w, _ in ask(explore, back, words[7])] == [w for w, _ in theirs.most_similar(words[7], topn=8)]
        print(f"gensim reads text, binary and packed files of {len(words)} words, and finds the same neighbours")

main()
