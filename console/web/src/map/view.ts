// The map: an OpenLayers view that shows what the store holds at the moment that the slider names.
import Map from "ol/Map";
import View from "ol/View";
import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import Point from "ol/geom/Point";
import { defaults as controls, ScaleLine } from "ol/control";
import { defaults as interactions } from "ol/interaction";
import { fromLonLat, toLonLat } from "ol/proj";
import type { Call, Notice } from "../api/schema.gen";
import { baseLayers } from "./base";
import { colours } from "./colours";
import { NoticeLayer } from "./layer";
import { positionStyle, type Drawn } from "./styles";
import { isOver, keyOf } from "../live/store";
import type { LonLat } from "./geodesic";

export type Shown = {
  notices: Notice[];
  calls: Call[];
  chosen: string | null;
  /** The first entries of notices in conflict; null where each notice says so itself. */
  conflicting: ReadonlySet<string> | null;
  /** The moment that is shown: a notice that is over before it, or not yet told, is not drawn. */
  moment: number;
};

/** How near to the edge of a shape the mouse is on it. */
const nearPx = 4;

export class Picture {
  readonly map: Map;
  private readonly notices = new NoticeLayer(10, colours());
  private readonly points = new VectorSource({ wrapX: true });
  private readonly base = baseLayers();
  private colours = colours();
  private fitted = false;

  constructor(target: HTMLElement, private readonly choose: (key: string | null) => void, hover: (at: LonLat | null, keys: string[]) => void) {
    this.map = new Map({
      target,
      layers: [...this.base.layers, this.notices.layer, new VectorLayer({ source: this.points, zIndex: 30, style: () => positionStyle(this.colours) })],
      view: new View({ center: fromLonLat([36, 35]), zoom: 6, maxZoom: 18, minZoom: 1, enableRotation: false }),
      controls: controls({ rotate: false, attribution: false }).extend([new ScaleLine({ units: "nautical" }), new ScaleLine({ units: "metric" })]),
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
    });
    this.map.on("singleclick", (e) => this.choose(this.keysAt(e.coordinate)[0] ?? null));
    this.map.on("pointermove", (e) => {
      if (!e.dragging) hover(toLonLat(e.coordinate) as LonLat, this.keysAt(e.coordinate));
    });
    this.map.on("moveend", () => this.notices.layer.changed());
    target.addEventListener("pointerleave", () => hover(null, []));
    this.repaint();
  }

  /** name says what the buttons on the map do. */
  name(closer: string, farther: string): void {
    for (const [kind, text] of [["in", closer], ["out", farther]] as const) {
      const button = this.map.getTargetElement()?.querySelector(`.ol-zoom-${kind}`);
      button?.setAttribute("title", text);
      button?.setAttribute("aria-label", text);
    }
  }

  /** repaint takes the colours anew: day and night have their own. */
  repaint(): void {
    this.colours = colours();
    this.base.paint(this.colours);
    this.notices.repaint(this.colours);
    this.map.getLayers().forEach((l) => l.changed());
  }

  dispose(): void {
    this.map.setTarget(undefined);
  }

  show(s: Shown): void {
    const all = new globalThis.Map<string, Drawn>();
    for (const n of s.notices) {
      const key = keyOf(n);
      if (!visible(n, s.moment)) continue;
      all.set(key, { notice: n, chosen: key === s.chosen, conflicting: s.conflicting ? s.conflicting.has(n.first) : n.conflicts.length > 0, past: isOver(n) });
    }
    this.notices.set(all);
    this.position(s.calls);
    if (!this.fitted && all.size > 0) {
      this.fit();
      this.map.once("rendercomplete", () => performance.mark("map")); // for measurements
    }
  }

  private position(calls: Call[]): void {
    const at = calls.flatMap((c) => (c.position ? [fromLonLat(c.position)] : []));
    if (at.length === 0 && this.points.isEmpty()) return;
    this.points.clear();
    this.points.addFeatures(at.map((p) => new Feature(new Point(p))));
  }

  /** fit shows all that is drawn, or one notice. */
  fit(key?: string): void {
    const box = this.notices.boxOf(key);
    if (!box) return;
    this.map.getView().fit(box, { padding: [60, 60, 60, 60], maxZoom: 11, duration: this.fitted ? 200 : 0 });
    this.fitted = true;
  }

  private keysAt(at: number[]): string[] {
    return this.notices.at(at[0] ?? 0, at[1] ?? 0, nearPx * (this.map.getView().getResolution() ?? 1));
  }
}

/** visible says whether a notice is in force, or still to come, at a moment. */
function visible(n: Notice, moment: number): boolean {
  if (isOver(n) && n.since && Date.parse(n.since) <= moment) return false;
  const end = n.state === "overdue" || !n.end ? Number.POSITIVE_INFINITY : Date.parse(n.end);
  return Date.parse(n.filed) <= moment && moment < end;
}
