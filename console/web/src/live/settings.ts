// What an officer chose at this computer. It is kept in the browser and nowhere else.
import { effect, signal } from "@preact/signals";

function kept<T>(name: string, otherwise: T) {
  const raw = localStorage.getItem(`parley.${name}`);
  const s = signal<T>(raw === null ? otherwise : (JSON.parse(raw) as T));
  effect(() => localStorage.setItem(`parley.${name}`, JSON.stringify(s.value)));
  return s;
}

export const night = kept("night", window.matchMedia("(prefers-color-scheme: dark)").matches);
export const soundOn = kept("sound", true);

effect(() => {
  document.documentElement.dataset.theme = night.value ? "night" : "day";
});
