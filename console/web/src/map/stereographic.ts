// A stereographic projection of the WGS 84 ellipsoid, true at the pole.
export type Pole = "north" | "south";

export const equatorM = 6_378_137;
const e = 0.081_819_190_842_621_5;
const c = Math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e));
const rad = Math.PI / 180;
/** Farther from its pole than this a view shows nothing, and the projection would reach without end. */
const endLat = -60 * rad;

/** stereographic turns degrees into metres of the polar view, and metres into degrees. */
export function stereographic(pole: Pole, upright: number): { to: (p: number[]) => number[]; from: (p: number[]) => number[] } {
  const s = pole === "north" ? 1 : -1;
  const bent = (sin: number) => ((1 + e * sin) / (1 - e * sin)) ** (e / 2);
  return {
    to([lon = 0, lat = 0]) {
      const phi = Math.max(s * lat * rad, endLat);
      const rho = ((2 * equatorM) / c) * Math.tan(Math.PI / 4 - phi / 2) * bent(Math.sin(phi));
      const turn = (lon - upright) * rad;
      return [rho * Math.sin(turn), -s * rho * Math.cos(turn)];
    },
    from([x = 0, y = 0]) {
      const t = (Math.hypot(x, y) * c) / (2 * equatorM);
      let phi = Math.PI / 2 - 2 * Math.atan(t);
      for (let i = 0; i < 6; i++) phi = Math.PI / 2 - 2 * Math.atan(t / bent(Math.sin(phi)));
      const lon = upright + Math.atan2(x, -s * y) / rad;
      return [((((lon + 180) % 360) + 360) % 360) - 180, (s * phi) / rad];
    },
  };
}
