// The draft that is being filed, and where it would come too near to something, over everything else.
import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import MultiPolygon from "ol/geom/MultiPolygon";
import Point from "ol/geom/Point";
import { Fill, RegularShape, Stroke, Style, Text } from "ol/style";
import { onMap } from "./polar";
import { flat } from "./separation";
import type Map from "ol/Map";
import type { WouldConflict } from "../api/schema.gen";
import { colours, letters } from "./colours";
import { short } from "./layer";
import { outlines } from "./volumes";

export class Trial {
  private readonly source = new VectorSource({ wrapX: true });
  private readonly layer = new VectorLayer({ source: this.source, zIndex: 35, style: (f) => style(f.get("mark") as string | undefined) });

  constructor(private readonly map: Map) {
    map.addLayer(this.layer);
  }

  show(features: unknown[], conflicts: WouldConflict[]): void {
    const drawn = outlines(features);
    if (drawn.length + conflicts.length === 0 && this.source.isEmpty()) return;
    this.source.clear();
    for (const polygons of drawn) {
      this.source.addFeature(new Feature(new MultiPolygon(polygons.map((p) => p.map(flat)))));
    }
    for (const c of conflicts) {
      this.source.addFeature(new Feature({ geometry: new Point(onMap([c.at[0] ?? 0, c.at[1] ?? 0])), mark: short(c.with.notice) }));
    }
  }

  dispose(): void {
    this.map.removeLayer(this.layer);
  }
}

function style(mark: string | undefined): Style {
  const c = colours();
  const size = letters();
  if (mark === undefined) return new Style({ stroke: new Stroke({ color: c.text, width: 2.5 * size, lineDash: [3 * size, 5 * size] }), fill: new Fill({ color: "#ff9d0022" }) });
  return new Style({
    image: new RegularShape({ points: 4, radius: 9 * size, stroke: new Stroke({ color: c.halo, width: 2 * size }), fill: new Fill({ color: c.conflict }) }),
    text: new Text({ text: `⚡ ${mark}`, offsetY: -18 * size, font: `700 ${13 * size}px system-ui, sans-serif`, fill: new Fill({ color: c.conflict }), stroke: new Stroke({ color: c.halo, width: 4 * size }) }),
  });
}
