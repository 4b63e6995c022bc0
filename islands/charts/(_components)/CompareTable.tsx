import { byUnit } from "@/core/contract/format.ts";
import type { SeriesSet } from "@/core/contract/metrics.ts";

/** What the chart says in figures: for those who cannot see it, or want them exactly. */
export function CompareTable({ set }: { set: SeriesSet }) {
  return (
    <div class="panel mt-4 overflow-x-auto">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Router</th>
            <th scope="col" class="num">Newest</th>
            <th scope="col" class="num">Average</th>
            <th scope="col" class="num">Lowest</th>
            <th scope="col" class="num">Highest</th>
          </tr>
        </thead>
        <tbody>
          {set.series.map(({ name, deviceId, unit, average, max }) => {
            const values = average.filter((value) => value !== null);
            const peaks = max.filter((value) => value !== null);
            const format = byUnit(unit);
            const mean = values.length > 0
              ? values.reduce((sum, value) => sum + value, 0) / values.length
              : null;
            return (
              <tr key={deviceId}>
                <td>
                  <a class="font-medium hover:underline" href={`/devices/${deviceId}/charts`}>
                    <bdi>{name}</bdi>
                  </a>
                </td>
                <td class="num">{format(values.at(-1))}</td>
                <td class="num">{format(mean)}</td>
                <td class="num">{format(values.length > 0 ? Math.min(...values) : null)}</td>
                <td class="num">{format(peaks.length > 0 ? Math.max(...peaks) : null)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
