// Drawing a plan with the mouse: a circle, the line of a corridor, or a polygon. What is drawn goes to the
// draft that is being filed.
import type Map from "ol/Map";
import Draw from "ol/interaction/Draw";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import type CircleGeom from "ol/geom/Circle";
import type LineString from "ol/geom/LineString";
import type Polygon from "ol/geom/Polygon";
import { Fill, Stroke, Style } from "ol/style";
import { sketch, type Sketch, type Tool } from "../live/sketch";
import { letters } from "./colours";
import { onEarth } from "./polar";
import { measure, type LonLat } from "./geodesic";

const types = { circle: "Circle", corridor: "LineString", polygon: "Polygon" } as const;

export class Drawing {
  private readonly source = new VectorSource();
  private readonly layer = new VectorLayer({
    source: this.source,
    zIndex: 40,
    style: () => new Style({ stroke: new Stroke({ color: "#ff9d00", width: 3 * letters(), lineDash: [4 * letters(), 4 * letters()] }), fill: new Fill({ color: "#ff9d0033" }) }),
  });
  private draw: Draw | null = null;

  constructor(private readonly map: Map) {
    map.addLayer(this.layer);
  }

  use(tool: Tool | null): void {
    if (this.draw) this.map.removeInteraction(this.draw);
    this.draw = null;
    if (!tool) {
      this.source.clear();
      return;
    }
    const draw = new Draw({ source: this.source, type: types[tool] });
    draw.on("drawstart", () => this.source.clear());
    draw.on("drawend", (e) => {
      sketch.value = read(tool, e.feature.getGeometry() as CircleGeom | LineString | Polygon);
    });
    this.map.addInteraction(draw);
    this.draw = draw;
  }

  dispose(): void {
    this.use(null);
    this.map.removeLayer(this.layer);
  }
}

const round = (p: number[]): LonLat => {
  const [lon = 0, lat = 0] = onEarth(p);
  return [Number(lon.toFixed(5)), Number(lat.toFixed(5))];
};

function read(tool: Tool, g: CircleGeom | LineString | Polygon): Sketch {
  if (tool === "circle") {
    const c = g as CircleGeom;
    const middle = round(c.getCenter());
    const edge = round([(c.getCenter()[0] ?? 0) + c.getRadius(), c.getCenter()[1] ?? 0]);
    return { tool, positions: [middle], radiusM: Math.round(measure(middle, edge).distanceM) };
  }
  if (tool === "corridor") return { tool, positions: (g as LineString).getCoordinates().map(round) };
  return { tool, positions: ((g as Polygon).getCoordinates()[0] ?? []).slice(0, -1).map(round) };
}
