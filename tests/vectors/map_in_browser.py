#!/usr/bin/env python3
"""The page of a map in a browser without a window: map_in_browser.py EXPLORE [--page FILE] [--pictures FOLDER].

It draws, search finds, a click lights neighbours, keys and the slider work, nothing is written to the console as an error
and no network is asked. Speaks the DevTools protocol through a pipe, so nothing but chromium is needed; without it the
test is shown as skipped (exit 77). With --pictures it also saves how the page looks in light, dark, narrow and wide.
"""
import argparse, base64, json, os, random, select, shutil, signal, subprocess, sys, tempfile, time

WORDS = 1500

class Browser:
    """A chromium, driven by messages of JSON that end with a zero byte."""

    def __init__(self, program, folder):
        to_read, self.to = os.pipe()
        self.at, from_write = os.pipe()
        def give_pipes():  # 3 is where it listens, 4 where it answers; through high numbers, so that neither overwrites the other
            high = os.dup2(to_read, 101), os.dup2(from_write, 102)
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"],
            preexec_fn=give_pipes, close_fds=False, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.rest, self.number, self.events, self.session = b"", 0, [], None

    def receive(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.at], [], [], max(0.0, end - time.monotonic()))
            if not ready: return None
            part = os.read(self.at, 1 << 20)
            if not part: raise SystemExit("the browser has ended")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session: message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive(60)
            assert answer is not None, f"no answer to {method}"
            if answer.get("id") == self.number:
                assert "error" not in answer, f"{method}: {answer}"
                return answer["result"]
            self.events.append(answer)

    def open(self, path):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"): self.call(domain + ".enable")
        self.size(1000, 700)
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        end = time.monotonic() + 60
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            event = self.receive(1)
            if event: self.events.append(event)
            assert time.monotonic() < end, "the page does not load"
        self.settle()

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def script(self, text):
        result = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, f"{text}: {result['exceptionDetails']}"
        return result["result"].get("value")

    def settle(self, milliseconds=600):  # frames and moves of 350 ms
        self.script(f"new Promise(done => setTimeout(done, {milliseconds}))")

    def key(self, key, text=None):
        code = {"ArrowDown": 40, "ArrowLeft": 37, "Enter": 13, "Escape": 27}.get(key, 0)
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x, y):
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as out: out.write(base64.b64decode(data))

    def faults(self):
        """Errors on the console, and addresses that were asked for other than the page itself."""
        found = []
        for e in self.events:
            method, p = e.get("method"), e.get("params", {})
            if method == "Runtime.exceptionThrown": found.append(p["exceptionDetails"].get("text", "") + json.dumps(p)[:500])
            if method == "Runtime.consoleAPICalled" and p["type"] in ("error", "assert"): found.append(json.dumps(p["args"])[:500])
            if method == "Log.entryAdded" and p["entry"]["level"] == "error": found.append(p["entry"]["text"])
            if method == "Network.requestWillBeSent" and not p["request"]["url"].startswith(("file://", "data:")): found.append("asks for " + p["request"]["url"])
        return found

    def close(self):
        """Ends all its processes and waits for them: those that live on write into the folder while it is removed."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try: os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError: return
            self.process.poll()
            time.sleep(0.02)

# How many colours a part of the canvas has, and a fingerprint of all its numbers.
CANVAS = """(() => { const c = document.getElementById('map'), p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  const seen = new Set(); let hash = 7; for (let i = 0; i < p.length; i += 4) { const v = p[i] << 16 | p[i + 1] << 8 | p[i + 2]; seen.add(v); hash = (hash * 31 + v) | 0; }
  return [seen.size, hash]; })()"""

def make_page(explore, folder):
    """Words in ten groups, and the same words as noise."""
    rng = random.Random(3)
    names = ["man", "king", "woman", "queen"] + [f"word{i}" for i in range(4, WORDS)]
    places = {"man": [3, 0, 0], "king": [3, 0, 3], "woman": [3, 3, 0], "queen": [3, 3, 3]}
    for table in ("after", "before"):
        with open(os.path.join(folder, table + ".txt"), "w") as out:
            for i, name in enumerate(names):
                row = [rng.gauss(0, 1) + (4 if table == "after" and k == 3 + i % 10 else 0) for k in range(16)]
                if table == "after" and name in places: row = places[name] + [rng.gauss(0, 0.01) for _ in range(13)]
                out.write(name + "".join(f" {x:.4f}" for x in row) + "\n")
    page = os.path.join(folder, "map.html")
    subprocess.run([explore, os.path.join(folder, "after.txt"), "map", "--before", os.path.join(folder, "before.txt"), "--out", page,
                    "--title", "a map to be tested"], check=True, stdout=subprocess.DEVNULL)
    return page

def check(browser):
    words = browser.script("N")
    assert words == WORDS, f"{words} words"
    colours, first = browser.script(CANVAS)
    assert colours > 50, f"the canvas has {colours} colours: nothing is drawn"

    # Search: completion offers, Enter lights, and the list has the neighbours with cosines.
    browser.key("/")
    assert browser.script("document.activeElement.id") == "word", "a slash does not lead to the search"
    browser.call("Input.insertText", text="quee")
    assert browser.script("[...document.querySelectorAll('#complete li')].map(li => li.textContent)") == ["queen"]
    browser.key("Enter")
    browser.settle()
    assert browser.script("words[lit.centre]") == "queen" and browser.script("lit.rows.length") == 11
    listed = browser.script("[...document.querySelectorAll('#found .word')].map(e => e.textContent)")
    assert len(listed) == 10 and {"king", "woman"} <= set(listed[:3]), listed
    assert all(0 < float(v) <= 1 for v in browser.script("[...document.querySelectorAll('#found .value')].map(e => e.textContent)"))
    assert browser.script(CANVAS)[1] != first, "the picture has not changed"

    # A click on a dot lights that word; one beside all dots clears.
    row = browser.script("[...Array(N).keys()].find(i => i > 20 && px(i) > 420 && px(i) < 900 && py(i) > 60 && py(i) < 480 && nearest(px(i), py(i), 12) === i)")
    browser.key("Escape")
    browser.click(browser.script(f"px({row})"), browser.script(f"py({row})"))
    browser.settle()
    assert browser.script("lit && lit.centre") == row, "a click lights nothing"
    browser.click(999, 5)
    browser.settle(100)

    # Keys and the wheel move and zoom.
    browser.script("document.getElementById('map').focus()")
    before = browser.script("[left, scale]")
    browser.key("ArrowLeft")
    browser.key("+", "+")
    browser.mouse("mouseWheel", 600, 300, deltaX=0, deltaY=-200)
    browser.settle(100)
    after = browser.script("[left, scale]")
    assert after[0] != before[0] and after[1] > before[1] * 1.3, (before, after)

    # The slider goes to the noise: other places, other neighbours.
    browser.script("light(3, true)")
    near = browser.script("document.getElementById('found').textContent")
    browser.script("(() => { const s = document.getElementById('slide'); s.value = 0; s.dispatchEvent(new Event('input')); })()")
    browser.settle()
    assert browser.script("document.getElementById('found').textContent") != near, "noise has the same neighbours"
    browser.script("(() => { const s = document.getElementById('slide'); s.value = 1; s.dispatchEvent(new Event('input')); })()")

    # An analogy is a parallelogram; an axis gives other colours.
    browser.script("analogy(0, 1, 2)")
    browser.settle()
    assert browser.script("words[lit.rows[3]]") == "queen" and browser.script("lit.arrows.length") == 4
    groups = browser.script(CANVAS)[1]
    browser.script("(() => { const s = document.getElementById('colour'); s.value = s.options.length - 2; s.dispatchEvent(new Event('change')); })()")
    browser.settle()
    assert browser.script("onAxis !== null") and browser.script(CANVAS)[1] != groups, "an axis gives no colours"
    browser.key("Escape")

def take_pictures(browser, folder):
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for width, height in ((390, 780), (1600, 900)):
            browser.size(width, height, mobile=width < 600)
            browser.script("clear(); document.getElementById('colour').selectedIndex = 0; document.getElementById('colour').onchange()")
            browser.settle(300)
            browser.script("whole()")
            browser.settle()
            browser.picture(f"{folder}/{scheme}_{width}_whole.png")
            browser.script("light(find('king'), true)")
            browser.settle(900)
            browser.picture(f"{folder}/{scheme}_{width}_king.png")
            browser.script("clear(); document.getElementById('more').open = true; analogy(...['man', 'king', 'woman'].map(find))")
            browser.settle(900)
            browser.picture(f"{folder}/{scheme}_{width}_analogy.png")
            browser.script("clear(); document.getElementById('more').open = false; document.getElementById('colour').selectedIndex = 1; "
                           "document.getElementById('colour').onchange(); whole()")
            browser.settle()
            browser.picture(f"{folder}/{scheme}_{width}_axis.png")

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("explore")
    parser.add_argument("--page")
    parser.add_argument("--pictures")
    asked = parser.parse_args()
    program = next((shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)
    if program is None:
        print("SKIPPED map_in_browser: there is no chromium (Debian: apt-get install chromium)", file=sys.stderr)
        sys.exit(77)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = asked.page or make_page(asked.explore, folder)
        browser = Browser(program, os.path.join(folder, "profile"))
        try:
            browser.open(page)
            if not asked.page: check(browser)
            if asked.pictures: take_pictures(browser, asked.pictures)
            frame = browser.script("(() => { const t = performance.now(); for (let i = 0; i < 10; i++) { paint(); pen.getImageData(0, 0, 1, 1); } return (performance.now() - t) / 10; })()")
            faults = browser.faults()
        finally:
            browser.close()
    assert not faults, faults
    print(f"drawn, searched, clicked, moved; no error, no network; a frame takes {frame:.1f} ms")

main()
