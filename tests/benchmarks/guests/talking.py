"""Says things in real pages, and measures until the page shows that the room has each."""

from __future__ import annotations

from typing import Final, NamedTuple

from tests.support.browser.chromium import ChromiumPage

_SAY: Final = """
const [prefix, count, everyMs, delayMs] = args;
const ids = ['messages', 'composer-text', 'composer'];
const [list, field, form] = ids.map((id) => document.getElementById(id));
const waiting = new Map();
const times = [];
let answered = () => {};

const observer = new MutationObserver(() => {
  const now = performance.now();
  let node = list.lastElementChild;
  for (let seen = 0; node && seen < 50 && waiting.size; seen += 1, node = node.previousElementSibling) {
    const text = node.matches('.own.sent') ? node.querySelector('.text').textContent : '';
    if (!waiting.has(text)) continue;
    times.push(now - waiting.get(text));
    waiting.delete(text);
  }
  if (!waiting.size) answered();
});
observer.observe(list, { childList: true, subtree: true, attributes: true });

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const answers = () => new Promise((done) => { answered = done; if (!waiting.size) done(); });

function say(text) {
  field.value = text;
  waiting.set(text, performance.now());
  form.requestSubmit();
}

async function talk() {
  const begun = performance.now() + delayMs;
  for (let number = 0; number < count; number += 1) {
    if (everyMs) await pause(begun + number * everyMs - performance.now());
    say(`${prefix} ${number}`);
    if (!everyMs) await answers();
  }
  await answers();
  observer.disconnect();
  return times;
}
"""


class Delays(NamedTuple):
    """The median and the 99th percentile of some times, in ms."""

    median: float
    p99: float

    @classmethod
    def of(cls, times: list[float]) -> Delays:
        """Summarize all times."""
        ordered = sorted(times)
        return cls(ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)])

    def figures(self, who: str) -> dict[str, float]:
        """Return both with their names."""
        return {f"{who}, median, ms": self.median, f"{who}, 99th percentile, ms": self.p99}


def say_in_turn(page: ChromiumPage, prefix: str, count: int) -> list[float]:
    """Say the next thing when the page shows the last one as sent; return the time of each in ms."""
    times: list[float] = page.run(f"{_SAY} return talk();", prefix, count, 0, 0)
    return times


def start_talk(page: ChromiumPage, prefix: str, count: int, every_ms: float, delay_ms: float) -> None:
    """Begin to say things at a pace; `finish_talk` returns the times."""
    page.run(f"{_SAY} window.talk = talk();", prefix, count, every_ms, delay_ms)


def finish_talk(page: ChromiumPage) -> list[float]:
    """Wait until all is said, and return the time of each in ms."""
    times: list[float] = page.run("return window.talk;")
    return times
