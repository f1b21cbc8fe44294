// The map: an OpenLayers view that shows what the store holds at the moment that the slider names.
import Map from "ol/Map";
import View from "ol/View";
import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import MultiPolygon from "ol/geom/MultiPolygon";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import { defaults as controls, ScaleLine } from "ol/control";
import { defaults as interactions } from "ol/interaction";
import { fromLonLat, toLonLat } from "ol/proj";
import { isEmpty } from "ol/extent";
import type { Call, Notice } from "../api/schema.gen";
import { baseLayers } from "./base";
import { colours, type Colours } from "./colours";
import { labelOf, positionStyle, styleOf, type Drawn } from "./styles";
import { volumesOf } from "./volumes";
import { keyOf } from "../live/store";
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

const flat = (p: LonLat) => fromLonLat(p);

export class Picture {
  readonly map: Map;
  readonly notices = new VectorSource({ wrapX: true });
  private readonly labels = new VectorSource({ wrapX: true });
  private readonly points = new VectorSource({ wrapX: true });
  private readonly base = baseLayers();
  private readonly drawn = new globalThis.Map<string, { notice: Notice; look: string; features: Feature[]; label: Feature | null }>();
  private colours: Colours = colours();
  private fitted = false;

  constructor(target: HTMLElement, private readonly choose: (key: string | null) => void, hover: (at: LonLat | null, keys: string[]) => void) {
    const layer = (source: VectorSource, zIndex: number, style: (f: Feature) => ReturnType<typeof styleOf> | ReturnType<typeof labelOf>) =>
      new VectorLayer({ source, zIndex, declutter: zIndex === 20, style: (f) => style(f as Feature), updateWhileInteracting: false });
    this.map = new Map({
      target,
      layers: [
        ...this.base.layers,
        layer(this.notices, 10, (f) => styleOf(f, this.colours)),
        layer(this.labels, 20, (f) => labelOf(f, this.colours)),
        layer(this.points, 30, () => positionStyle(this.colours)),
      ],
      view: new View({ center: fromLonLat([36, 35]), zoom: 6, maxZoom: 18, minZoom: 1, enableRotation: false }),
      controls: controls({ rotate: false, attribution: false }).extend([new ScaleLine({ units: "nautical" }), new ScaleLine({ units: "metric" })]),
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
    });
    this.map.on("singleclick", (e) => this.choose(this.keysAt(e.pixel)[0] ?? null));
    this.map.on("pointermove", (e) => {
      if (!e.dragging) hover(toLonLat(e.coordinate) as LonLat, this.keysAt(e.pixel));
    });
    target.addEventListener("pointerleave", () => hover(null, []));
    this.repaint();
  }

  /** repaint takes the colours anew: day and night have their own. */
  repaint(): void {
    this.colours = colours();
    this.base.paint(this.colours);
    this.map.getLayers().forEach((l) => l.changed());
  }

  dispose(): void {
    this.map.setTarget(undefined);
  }

  show(s: Shown): void {
    const wanted = new Set<string>();
    for (const n of s.notices) {
      const key = keyOf(n);
      const past = isOver(n);
      if (!visible(n, s.moment)) continue;
      wanted.add(key);
      this.put(key, n, { notice: n, chosen: key === s.chosen, conflicting: s.conflicting ? s.conflicting.has(n.first) : n.conflicts.length > 0, past });
    }
    for (const [key, d] of this.drawn) {
      if (!wanted.has(key)) this.drop(key, d.features, d.label);
    }
    this.points.clear();
    for (const c of s.calls) {
      if (c.position) this.points.addFeature(new Feature(new Point(fromLonLat(c.position))));
    }
    if (!this.fitted && this.drawn.size > 0) this.fit();
  }

  /** fit shows all that is drawn, or one notice. */
  fit(key?: string): void {
    const extent = key === undefined ? this.notices.getExtent() : this.drawn.get(key)?.features[0]?.getGeometry()?.getExtent();
    if (!extent || isEmpty(extent)) return;
    this.map.getView().fit(extent, { padding: [60, 60, 60, 60], maxZoom: 11, duration: this.fitted ? 200 : 0 });
    this.fitted = true;
  }

  private keysAt(pixel: number[]): string[] {
    const out: string[] = [];
    this.map.forEachFeatureAtPixel(
      pixel,
      (f) => {
        const d = f.get("drawn") as Drawn | undefined;
        if (d) out.push(keyOf(d.notice));
      },
      { hitTolerance: 4 },
    );
    return [...new Set(out)];
  }

  private put(key: string, n: Notice, drawn: Drawn): void {
    const look = `${drawn.chosen}${drawn.conflicting}${drawn.past}`;
    const have = this.drawn.get(key);
    if (have && have.notice === n && have.look === look) return;
    if (have && have.notice.entry === n.entry) {
      for (const f of [...have.features, ...(have.label ? [have.label] : [])]) f.set("drawn", drawn);
      this.drawn.set(key, { ...have, notice: n, look });
      return;
    }
    if (have) this.drop(key, have.features, have.label);
    this.add(key, n, drawn, look);
  }

  private add(key: string, n: Notice, drawn: Drawn, look: string): void {
    const features: Feature[] = [];
    for (const v of volumesOf(n)) {
      if (v.polygons.length > 0) features.push(new Feature({ geometry: new MultiPolygon(v.polygons.map((p) => p.map((r) => r.map(flat)))), drawn }));
      if (v.line.length > 0) features.push(new Feature({ geometry: new LineString(v.line.map(flat)), drawn, line: true }));
    }
    this.notices.addFeatures(features);
    const inside = (features[0]?.getGeometry() as MultiPolygon | undefined)?.getInteriorPoints().getPoint(0);
    const label = inside ? new Feature({ geometry: inside, drawn }) : null;
    if (label) this.labels.addFeature(label);
    this.drawn.set(key, { notice: n, look, features, label });
  }

  private drop(key: string, features: Feature[], label: Feature | null): void {
    this.notices.removeFeatures(features);
    if (label) this.labels.removeFeature(label);
    this.drawn.delete(key);
  }
}

export function isOver(n: Notice): boolean {
  return n.state === "ended" || n.state === "cancelled";
}

/** visible says whether a notice is in force, or still to come, at a moment. */
function visible(n: Notice, moment: number): boolean {
  if (isOver(n) && n.since && Date.parse(n.since) <= moment) return false;
  const end = n.state === "overdue" || !n.end ? Number.POSITIVE_INFINITY : Date.parse(n.end);
  return Date.parse(n.filed) <= moment && moment < end;
}
