// The map: an OpenLayers view that shows what the store holds at the moment that the slider names.
import Map from "ol/Map";
import View from "ol/View";
import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import Point from "ol/geom/Point";
import { defaults as controls, ScaleLine } from "ol/control";
import { defaults as interactions } from "ol/interaction";
import { getPointResolution } from "ol/proj";
import type { Call, Notice } from "../api/schema.gen";
import { base } from "./base";
import { colours } from "./colours";
import { NoticeLayer } from "./layer";
import { inUse, onEarth, onMap, poleFor, reachM, use, type Pole } from "./polar";
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

/** How far a polar view reaches that was asked for from far away. */
const polarM = 25_000;

/** Beyond this latitude the flat map shows nothing as it is. */
const flatLat = 80;

/** How near to the edge of a shape the mouse is on it. */
const nearPx = 4;

export class Picture {
  readonly map: Map;
  private readonly notices = new NoticeLayer(10, colours());
  private readonly points = new VectorSource({ wrapX: true });
  private readonly base = base(colours());
  private colours = colours();
  private fitted = false;
  /** The view was chosen by hand, and stays until it is the one that suits. */
  private byHand = false;

  constructor(target: HTMLElement, private readonly choose: (key: string | null) => void, hover: (at: LonLat | null, keys: string[]) => void) {
    this.map = new Map({
      target,
      layers: [this.base.layer, this.notices.layer, new VectorLayer({ source: this.points, zIndex: 30, style: () => positionStyle(this.colours) })],
      view: viewOf([36, 35], 2_400),
      controls: controls({ rotate: false, attribution: false }).extend([new ScaleLine({ units: "nautical" }), new ScaleLine({ units: "metric" })]),
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
    });
    this.map.on("singleclick", (e) => this.choose(this.keysAt(e.coordinate)[0] ?? null));
    this.map.on("pointermove", (e) => {
      if (!e.dragging) hover(onEarth(e.coordinate), this.keysAt(e.coordinate));
    });
    this.map.on("moveend", () => {
      this.base.layer.changed();
      this.notices.layer.changed();
      this.suit(onEarth(this.map.getView().getCenter() ?? [0, 0]));
    });
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
    const at = calls.flatMap((c) => (c.position ? [onMap(c.position as LonLat)] : []));
    if (at.length === 0 && this.points.isEmpty()) return;
    this.points.clear();
    this.points.addFeatures(at.map((p) => new Feature(new Point(p))));
  }

  /** fit shows all that is drawn, or one notice. */
  fit(key?: string): void {
    let box = this.notices.boxOf(key);
    if (!box) return;
    this.suit(onEarth([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]));
    box = this.notices.boxOf(key) ?? box; // on the projection that suits
    this.map.getView().fit(box, { padding: [60, 60, 60, 60], maxZoom: 11, duration: this.fitted ? 200 : 0 });
    this.fitted = true;
  }

  /** seen says whether something of a notice is in the view, and in a projection that can show it. */
  seen(key: string): boolean {
    const b = this.notices.boxOf(key);
    if (b && !inUse.peek().pole && Math.max(Math.abs(b[1]), Math.abs(b[3])) > onMap([0, flatLat])[1]) return false;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = this.map.getView().calculateExtent(this.map.getSize());
    return b !== null && b[0] < x1 && b[2] > x0 && b[1] < y1 && b[3] > y0;
  }

  /** turn goes to the view of a pole, or back, by hand. */
  turn(): void {
    this.byHand = true;
    const at = onEarth(this.map.getView().getCenter() ?? [0, 0]);
    this.project(inUse.peek().pole ? null : at[1] < 0 ? "south" : "north", at);
  }

  /** suit takes the projection that a place needs: the flat map has no room for a pole. */
  private suit(at: LonLat): void {
    const now = inUse.peek().pole;
    const fits = poleFor(at[1], now);
    if (fits === now) this.byHand = false;
    else if (!this.byHand) this.project(fits, at);
  }

  private project(pole: Pole | null, at: LonLat): void {
    const old = this.map.getView();
    let groundM = getPointResolution(old.getProjection(), old.getResolution() ?? 1, old.getCenter() ?? [0, 0], "m");
    let centre = at;
    if (pole && Math.abs(at[1]) < 60) {
      centre = [at[0], pole === "north" ? 90 : -90];
      groundM = polarM / 4;
    }
    use(pole, pole ? Math.round(at[0]) : 0);
    this.base.reproject();
    this.notices.reproject();
    this.map.setView(viewOf(centre, groundM));
  }

  private keysAt(at: number[]): string[] {
    return this.notices.at(at[0] ?? 0, at[1] ?? 0, nearPx * (this.map.getView().getResolution() ?? 1));
  }
}

/** viewOf looks at a place in the projection in use, with so many metres of the ground in a pixel. */
function viewOf(centre: LonLat, groundM: number): View {
  const { projection, pole } = inUse.peek();
  const at = onMap(centre);
  const resolution = groundM / getPointResolution(projection, 1, at, "m");
  return new View({ projection, center: at, resolution, maxResolution: 78_271.5, maxZoom: 17, enableRotation: false, ...(pole ? { extent: [-reachM, -reachM, reachM, reachM] } : {}) });
}

/** visible says whether a notice is in force, or still to come, at a moment. What was not yet told then is not among them. */
function visible(n: Notice, moment: number): boolean {
  if (isOver(n) && n.since && Date.parse(n.since) <= moment) return false;
  const end = n.state === "overdue" || !n.end ? Number.POSITIVE_INFINITY : Date.parse(n.end);
  return moment < end;
}
