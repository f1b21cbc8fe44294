// The side view: each notice that is shown as a bar, from its start to its end and from its lower to its
// upper altitude.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Notice } from "../api/schema.gen";
import { isOver, keyOf } from "../live/store";
import { moment, shown } from "./TimeSlider";
import { altitudeText, metres, volumesOf } from "../map/volumes";
import { zulu } from "../live/time";
import { go } from "../live/route";
import { t } from "../words/say";
import { letters } from "../map/colours";
import { short } from "../map/layer";
import { symbol } from "../map/symbol";

const height = 120;
const topM = 15_000;
const hour = 3_600_000;
const most = 60;

type Bar = { key: string; n: Notice; from: number; to: number; low: number; high: number; text: string };

export function Profile({ chosen }: { chosen: string | null }) {
  const box = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const begin = moment.value - hour;
  const end = moment.value + 5 * hour;
  const bars = barsOf(begin, end, chosen);
  const x = (ms: number) => (width * (Math.min(Math.max(ms, begin), end) - begin)) / (end - begin);
  const y = (m: number) => height - (height * Math.min(Math.max(m, 0), topM)) / topM;
  return (
    <svg ref={box} class="profile" viewBox={`0 0 ${width} ${height + 16}`} role="img" aria-label={t("profile")}>
      {[3000, 6000, 9000, 12000].map((m) => (
        <g key={m}>
          <line class="grid" x1={0} x2={width} y1={y(m)} y2={y(m)} />
          <text x={2} y={y(m) - 2}>
            {`${Math.round(m / 304.8) * 1000} ft`}
          </text>
        </g>
      ))}
      {[0, 1, 2, 3, 4, 5, 6].map((i) => (
        <g key={i}>
          <line class="grid" x1={x(begin + i * hour)} x2={x(begin + i * hour)} y1={0} y2={height} />
          <text x={x(begin + i * hour) + 2} y={height + 13}>
            {zulu(begin + i * hour)}
          </text>
        </g>
      ))}
      {bars.map((b, i) => (
        <g key={b.key} class={`bar ${b.n.own ? "own" : "other"} ${b.key === chosen ? "chosen" : ""}`} onClick={() => go("notice", b.key)}>
          <title>{b.text}</title>
          <rect x={x(b.from)} y={y(b.high)} width={Math.max(3, x(b.to) - x(b.from))} height={Math.max(3, y(b.low) - y(b.high))} />
          <text x={x(b.from) + 3} y={Math.max(y(b.high) + 11, 11) + (i % 4) * 12}>
            {`${symbol(b.n)} ${short(b.n.id)}`}
          </text>
        </g>
      ))}
      <line class="moment" x1={x(moment.value)} x2={x(moment.value)} y1={0} y2={height} />
    </svg>
  );
}

/** useWidth is how wide the picture is, so that its letters are not stretched. */
function useWidth(box: { current: SVGSVGElement | null }): number {
  const [width, setWidth] = useState(1000);
  useEffect(() => {
    if (!box.current) return;
    const seen = new ResizeObserver(([e]) => e && setWidth(Math.max(200, e.contentRect.width / letters())));
    seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
  return width;
}

/** barsOf are the volumes in a span of time, the chosen notice's last, so that they lie on top. */
function barsOf(begin: number, end: number, chosen: string | null): Bar[] {
  const out: Bar[] = [];
  for (const n of shown.value.notices) {
    if (isOver(n) || n.kind === "site") continue;
    for (const v of volumesOf(n)) {
      if (v.end <= begin || v.start >= end || out.length >= most) continue;
      const band = `${altitudeText(v.lower) || "…"} – ${altitudeText(v.upper) || "…"}`;
      out.push({ key: keyOf(n), n, from: v.start, to: v.end, low: metres(v.lower, 0), high: metres(v.upper, topM), text: `${n.party}: ${short(n.id)} ${band}` });
    }
  }
  return out.sort((a, b) => Number(a.key === chosen) - Number(b.key === chosen));
}
