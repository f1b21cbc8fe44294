// The map with its tools, the slider of time, and the side view of altitudes.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { computed, effect, signal } from "@preact/signals";
import { short } from "../map/layer";
import { Picture } from "../map/view";
import { measure, type LonLat } from "../map/geodesic";
import { inWords } from "../map/coordinates";
import { nearest } from "../map/towns";
import { calls, conflicts, keyOf, notices } from "../live/store";
import { night } from "../live/settings";
import { go, route } from "../live/route";
import { t } from "../words/say";
import { Drawing } from "../map/draw";
import { drawing } from "../live/sketch";
import { Trial } from "../map/trial";
import { checked, features, filing, would } from "../live/trial";
import { inUse } from "../map/polar";
import { Rings } from "../map/rings";
import { ringsOf } from "../map/separation";
import { around, hovered, look, Separation, stepped } from "./Separation";
import { Profile } from "./Profile";
import { moment, replay, shown, TimeSlider } from "./TimeSlider";

export const chosen = computed(() => (route.value.page === "notice" ? route.value.id : null));

const overStates = new Set(["separated", "joint", "withdrawn", "expired", "superseded"]);
const conflicting = computed(() => {
  const out = new Set<string>();
  for (const c of conflicts.value) {
    if (!overStates.has(c.state)) {
      out.add(c.a.first);
      out.add(c.b.first);
    }
  }
  return out;
});

/** marked adds those with which the draft would be in conflict. */
const marked = computed(() => {
  const more = would(checked.value);
  return more.length === 0 ? conflicting.value : new Set([...conflicting.value, ...more.map((c) => c.with.first)]);
});

/** pointer is where the mouse is, and the notices under it. */
const pointer = signal<{ at: LonLat; keys: string[] } | null>(null);
const measuring = signal<{ on: boolean; from: LonLat | null }>({ on: false, from: null });

export function MapPane() {
  const target = useRef<HTMLDivElement>(null);
  const [picture, setPicture] = useState<Picture | null>(null);
  useLayoutEffect(() => {
    if (!target.current) return;
    const p = new Picture(target.current, pick, (at, keys) => {
      pointer.value = at ? { at, keys } : null;
      hovered.value = keys[0] ?? null;
    });
    const rings = new Rings(p.map);
    const draw = new Drawing(p.map);
    const trial = new Trial(p.map);
    setPicture(p);
    const stops = [
      replay(),
      look(),
      effect(() => {
        void inUse.value, night.value;
        rings.show(around.value ? ringsOf(around.value.notice, around.value.kept) : []);
      }),
      effect(() => {
        void inUse.value;
        p.show({
          notices: shown.value.notices,
          calls: calls.value.filter((c) => c.state !== "ended" && c.state !== "lifted"),
          chosen: chosen.value,
          conflicting: shown.value.past ? null : marked.value,
          moment: moment.value,
        });
      }),
      effect(() => {
        void night.value;
        p.repaint();
      }),
      effect(() => p.name(t("map.in"), t("map.out"))),
      effect(() => {
        void inUse.value;
        draw.use(drawing.value);
      }),
      effect(() => {
        void night.value, inUse.value;
        trial.show(filing.value ? features() : [], would(checked.value));
      }),
    ];
    return () => {
      stops.forEach((s) => s());
      draw.dispose();
      rings.dispose();
      trial.dispose();
      p.dispose();
    };
  }, []);
  return (
    <>
      <Tools picture={picture} />
      <div ref={target} class="map" tabIndex={0} aria-label={t("map.keys")} role="application" onKeyDown={(e) => picture && walk(e, picture)} onBlur={() => (stepped.value = null)}>
        <Separation />
        <NorthUp />
      </div>
      <p class="credit" dir="ltr">Natural Earth · GeoNames, CC BY 4.0</p>
      <Pointer />
      <TimeSlider />
      <Profile chosen={chosen.value} />
    </>
  );
}

/** walk goes from notice to notice on the map by N and P, in the order in which they start, and opens one by Enter. */
function walk(e: KeyboardEvent, picture: Picture): void {
  const step = { KeyN: 1, KeyP: -1 }[e.code] ?? 0;
  if (e.ctrlKey || e.metaKey || e.altKey || e.target !== e.currentTarget) return;
  if (e.key === "Enter" && stepped.value) go("notice", stepped.value);
  if (e.key === "Escape") stepped.value = null;
  if (step === 0) return;
  const all = [...shown.value.notices].sort((a, b) => (a.start ?? "").localeCompare(b.start ?? "")).map(keyOf);
  const at = stepped.value === null ? -1 : all.indexOf(stepped.value);
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length];
  if (!next) return;
  stepped.value = next;
  if (!picture.seen(next)) picture.fit(next);
}

/** NorthUp says where north is: up, on the view of a pole along one meridian. */
function NorthUp() {
  const { pole, upright } = inUse.value;
  const lon = `${Math.abs(upright)}° ${upright < 0 ? "W" : "E"}`;
  return (
    <p class="northup">
      <span aria-hidden="true">↑ N</span> {pole ? t("map.north-at", { lon }) : t("map.north-up")}
    </p>
  );
}

function pick(key: string | null): void {
  const m = measuring.value;
  if (m.on) {
    measuring.value = { on: true, from: pointer.value?.at ?? null };
    return;
  }
  if (key && !drawing.value) go("notice", key);
}

function Tools({ picture }: { picture: Picture | null }) {
  const m = measuring.value;
  return (
    <div class="tools" role="toolbar" aria-label={t("map")}>
      <button type="button" onClick={() => picture?.fit()}>
        {t("map.fit")}
      </button>
      <button type="button" aria-pressed={m.on} onClick={() => (measuring.value = { on: !m.on, from: null })}>
        {t("map.measure")}
      </button>
      <button type="button" aria-pressed={inUse.value.pole !== null} onClick={() => picture?.turn()}>
        {t("map.polar")}
      </button>
    </div>
  );
}

const compass = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"] as const;

/** townOf says a position by the town next to it. */
function townOf(at: LonLat): string {
  const n = nearest(at);
  if (!n) return "";
  const side = compass[n.from] ?? "north";
  return n.km < 1 ? n.town.name : t("where.near", { km: Math.round(n.km), side: t(`compass.${side}`), town: n.town.name });
}

/** Pointer says where the mouse is, in three ways, what is there, and how far from the measured point. */
function Pointer() {
  const p = pointer.value;
  if (!p) return <p class="pointer" aria-hidden="true" />;
  const from = measuring.value.from;
  const way = from ? measure(from, p.at) : null;
  const names = p.keys.map((k) => notices.value.get(k)).flatMap((n) => (n && keyOf(n) ? [`${n.party}: ${short(n.id)}`] : []));
  return (
    <p class="pointer" aria-hidden="true">
      <span>{inWords(p.at).join("  ·  ")}</span>
      <bdi> · {townOf(p.at)}</bdi>
      {way && (
        <strong>
          {" "}
          {(way.distanceM / 1000).toFixed(1)} km = {(way.distanceM / 1852).toFixed(1)} NM, {Math.round(way.bearingDeg)}°
        </strong>
      )}
      {names.length > 0 && <bdi> {names.join(", ")}</bdi>}
    </p>
  );
}
