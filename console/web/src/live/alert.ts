// An alarm that nobody has seen is heard, and seen in a background tab: by the title, the icon and a tone.
import { effect } from "@preact/signals";
import { alarms, loudest } from "./store";
import { soundOn } from "./settings";

const repeatMs = 4_000;

/** alert begins to tell alarms by the tab and by sound. */
export function alert(): void {
  let timer = 0;
  const audio = { context: null as AudioContext | null };
  effect(() => {
    const level = loudest.value;
    const unseen = alarms.value.filter((a) => !a.acknowledged && a.level <= 2).length;
    document.title = (level === 1 ? "⚠ " : "") + (unseen > 0 ? `(${unseen}) ` : "") + "Parley";
    document.getElementById("favicon")?.setAttribute("href", new URL(level === 1 ? "alarm.svg" : "calm.svg", document.baseURI + "").href);
    document.documentElement.dataset.alarm = level === 1 ? "now" : "";
    window.clearInterval(timer);
    if (level === 1 && soundOn.value) {
      tone(audio);
      timer = window.setInterval(() => tone(audio), repeatMs);
    }
  });
}

/** tone is two short notes. A browser lets it sound once somebody has touched the page. */
function tone(audio: { context: AudioContext | null }): void {
  audio.context ??= new AudioContext();
  const c = audio.context;
  if (c.state === "suspended") {
    void c.resume();
    return;
  }
  [880, 660].forEach((hz, i) => {
    const from = c.currentTime + i * 0.22;
    const o = c.createOscillator();
    const g = c.createGain();
    o.frequency.value = hz;
    g.gain.setValueAtTime(0.0001, from);
    g.gain.exponentialRampToValueAtTime(0.2, from + 0.02);
    g.gain.exponentialRampToValueAtTime(0.0001, from + 0.2);
    o.connect(g).connect(c.destination);
    o.start(from);
    o.stop(from + 0.21);
  });
}
