// The rings at the distances that are kept from a notice, drawn round it while somebody looks at it.
import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import MultiPolygon from "ol/geom/MultiPolygon";
import Point from "ol/geom/Point";
import { Fill, Stroke, Style, Text } from "ol/style";
import type Map from "ol/Map";
import { colours, letters } from "./colours";
import { distanceText, type Ring } from "./separation";

export class Rings {
  private readonly source = new VectorSource({ wrapX: true });
  private readonly layer = new VectorLayer({ source: this.source, zIndex: 20, className: "rings-layer", declutter: true, style: (f) => style(f.get("text") as string | undefined) });

  constructor(private readonly map: Map) {
    map.addLayer(this.layer);
  }

  show(rings: Ring[]): void {
    this.source.clear();
    for (const r of rings) {
      if (r.polygons.length === 0) continue;
      this.source.addFeature(new Feature(new MultiPolygon(r.polygons)));
      const top = r.polygons.flat(2).reduce((a, b) => ((b[1] ?? 0) > (a[1] ?? 0) ? b : a));
      this.source.addFeature(new Feature({ geometry: new Point(top), text: distanceText(r.lateralM) }));
    }
  }

  dispose(): void {
    this.map.removeLayer(this.layer);
  }
}

function style(text: string | undefined): Style[] {
  const c = colours();
  const size = letters();
  if (text !== undefined) return [new Style({ text: new Text({ text, font: `600 ${12 * size}px system-ui, sans-serif`, offsetY: -8 * size, fill: new Fill({ color: c.text }), stroke: new Stroke({ color: c.halo, width: 4 * size }) }) })];
  return [new Style({ stroke: new Stroke({ color: c.halo, width: 4 * size }) }), new Style({ stroke: new Stroke({ color: c.text, width: 1.5 * size, lineDash: [2 * size, 4 * size] }) })];
}
