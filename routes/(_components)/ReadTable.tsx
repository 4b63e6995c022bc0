import { Actor } from "@/components/Actor.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { count, utc } from "@/core/contract/format.ts";
import type { SecretReadRow } from "@/core/contract/transparency.ts";
import { linkTo, type Query } from "./link_to.ts";
import { PURPOSES } from "./purposes.ts";

/** Counted reads, newest first. `own`: the query of the page, kept by its links. */
export function ReadTable({ items, own }: { items: SecretReadRow[]; own: Query }) {
  return (
    <ScrollArea label="Reads">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col" class="hidden sm:table-cell">What for</th>
            <th scope="col" class="hidden md:table-cell">Secret</th>
            <th scope="col">Router</th>
            <th scope="col" class="num">Reads</th>
            <th scope="col" class="num hidden lg:table-cell">Last</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr key={row.id}>
              <td class="whitespace-nowrap">
                <time dateTime={row.bucket}>
                  {row.span === "day"
                    ? row.bucket.slice(0, 10)
                    : `${row.bucket.slice(0, 10)} ${row.bucket.slice(11, 13)} h`}
                </time>
              </td>
              <td>
                <a
                  class="hover:underline"
                  href={linkTo("/transparency", { ...own, actor: row.actor })}
                >
                  <Actor actor={row.actor} name={row.actorName} />
                </a>
                <div class="text-xs text-text-3 sm:hidden">{row.purpose}</div>
              </td>
              <td class="hidden sm:table-cell">{PURPOSES[row.purpose] ?? row.purpose}</td>
              <td class="mono hidden md:table-cell">{row.secret}</td>
              <td>
                {row.deviceName
                  ? (
                    <a class="hover:underline" href={`/devices/${row.deviceId}`}>
                      <bdi>{row.deviceName}</bdi>
                    </a>
                  )
                  : row.deviceId && (
                    <span class="text-text-3" title={row.deviceId}>
                      Removed {row.deviceId.slice(0, 8)}
                    </span>
                  )}
              </td>
              <td class="num">{count(row.count)}</td>
              <td class="num hidden lg:table-cell">
                <time dateTime={row.lastAt} title={row.lastRequestId ?? undefined}>
                  {utc(row.lastAt).slice(0, 19)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
