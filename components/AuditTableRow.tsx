import type { AuditRow } from "@/core/contract/audit.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { Actor, shortId } from "./Actor.tsx";
import { Outcome } from "./Outcome.tsx";

/** One row of the audit log's table. `nowMs` for the age on phones. */
export function AuditTableRow({ row, nowMs, open }: {
  row: AuditRow;
  nowMs: number;
  /** Shows the entry. */
  open: (seq: string) => Promise<void>;
}) {
  const target = targetOf(row);
  const who = (
    <a class="hover:underline" href={`/audit?actor=${encodeURIComponent(row.actor)}`}>
      <Actor actor={row.actor} name={row.actorName} />
    </a>
  );
  return (
    <tr>
      <td class="sm:whitespace-nowrap">
        <time dateTime={row.at} title={utc(row.at)}>
          <span class="hidden sm:inline">{local(row.at).slice(0, 19)}</span>
          <span class="whitespace-nowrap sm:hidden">{ago(row.at, nowMs)}</span>
        </time>
        <div class="sm:hidden">{who}</div>
      </td>
      <td class="hidden sm:table-cell">{who}</td>
      <td>
        <span class="mono xl:whitespace-nowrap">{row.action}</span>
        <div class="md:hidden">
          <bdi class="text-text-2">{target}</bdi>
        </div>
        {row.outcome === "refused" && (
          <div class="sm:hidden">
            <Outcome outcome="refused" />
          </div>
        )}
      </td>
      <td class="hidden md:table-cell">
        {target && (
          <a class="hover:underline" href={targetHref(row)}>
            <bdi title={row.targetId ?? undefined}>{target}</bdi>
          </a>
        )}
        {row.targetKind && <div class="text-xs text-text-3">{row.targetKind}</div>}
      </td>
      <td class="hidden sm:table-cell">
        <Outcome outcome={row.outcome} />
      </td>
      <td class="mono hidden lg:table-cell">{row.ip ?? ""}</td>
      <td class="num">
        <button
          type="button"
          class="btn"
          aria-label={`Show entry ${row.seq}`}
          onClick={() => void open(row.seq)}
        >
          {row.seq}
        </button>
      </td>
    </tr>
  );
}

function targetOf({ targetLabel, targetName, targetId }: AuditRow): string | null {
  const label = targetLabel ?? targetName;
  return label === null ? targetId && shortId(targetId) : plainText(label);
}

/** A router's own page, or what else happened to the target. */
function targetHref({ targetKind, targetId, action }: AuditRow): string {
  if (targetKind === "device" && targetId && action !== "device.removed") {
    return `/devices/${encodeURIComponent(targetId)}`;
  }
  const query = { ...(targetKind && { targetKind }), ...(targetId && { targetId }) };
  return `/audit?${new URLSearchParams(query)}`;
}
