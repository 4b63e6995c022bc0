import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Actor, shortId } from "@/components/Actor.tsx";
import { AuditDetails } from "@/components/AuditDetails.tsx";
import { Outcome } from "@/components/Outcome.tsx";
import type { AuditEntryView, AuditRow } from "@/core/contract/audit.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { ask } from "./ask.ts";
import { follow, now } from "./live.ts";

/** New entries may come in bursts: they are read once. */
const REFRESH_AFTER_MS = 500;

type Shown =
  | { state: "loading" }
  | { state: "failed"; why: string }
  | { state: "read"; entry: AuditEntryView };

/** The log's table, and a drawer with what is stored of one entry. `#42` in the address opens entry 42. */
export default function AuditLog({ initial, renderedAt, reload }: {
  initial: AuditRow[];
  /** Milliseconds; the first ages are computed from it so that server and browser agree. */
  renderedAt: number;
  /** API address of this very page; `null`: it does not change any more. */
  reload: string | null;
}) {
  const rows = useSignal(initial);
  const clock = useSignal(renderedAt);
  const shown = useSignal<Shown>({ state: "loading" });
  const drawer = useRef<HTMLDialogElement>(null);

  async function open(seq: string) {
    shown.value = { state: "loading" };
    drawer.current?.showModal();
    history.replaceState(null, "", `#${seq}`);
    shown.value = await read(seq);
  }

  function forgetPlace() {
    history.replaceState(null, "", location.pathname + location.search);
  }

  useEffect(() => {
    const seq = /^#(\d{1,18})$/.exec(location.hash)?.[1];
    if (seq) void open(seq);
  }, []);

  useEffect(() => {
    const untick = now.subscribe((time) => clock.value = time);
    if (reload === null) return untick;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = async () => {
      const response = await ask(reload).catch(() => undefined);
      if (response?.ok) rows.value = (await response.json() as { items: AuditRow[] }).items;
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void refresh(), REFRESH_AFTER_MS);
    };
    const seen = () => document.visibilityState === "visible" && soon();
    // Acts on the fleet come as events; what else happened is read when one looks again.
    const stop = follow({ event: soon, reset: soon });
    document.addEventListener("visibilitychange", seen);
    return () => {
      stop();
      untick();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [reload]);

  return (
    <>
      <div class="panel overflow-x-auto">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col" class="hidden sm:table-cell">Who</th>
              <th scope="col">What</th>
              <th scope="col" class="hidden md:table-cell">Target</th>
              <th scope="col" class="hidden sm:table-cell">Outcome</th>
              <th scope="col" class="hidden lg:table-cell">From</th>
              <th scope="col" class="num">Entry</th>
            </tr>
          </thead>
          <tbody>
            {rows.value.map((row) => (
              <Row
                key={row.seq}
                row={row}
                nowMs={clock.value}
                open={open}
              />
            ))}
          </tbody>
        </table>
      </div>
      <dialog
        ref={drawer}
        class="m-0 ml-auto h-dvh max-h-none w-full max-w-xl overflow-y-auto rounded-none border-y-0 border-r-0 p-5"
        aria-labelledby="audit-entry"
        onClose={forgetPlace}
        onClick={({ target }) => target === drawer.current && drawer.current?.close()}
      >
        <div class="mb-4 flex items-start gap-3">
          <h2 class="flex-1 text-lg" id="audit-entry">
            {shown.value.state === "read" ? `Entry ${shown.value.entry.seq}` : "Entry"}
          </h2>
          <form method="dialog">
            <button type="submit" class="btn">Close</button>
          </form>
        </div>
        {shown.value.state === "loading" && (
          <p class="text-text-2" role="status">Reading the entry…</p>
        )}
        {shown.value.state === "failed" && <p class="text-bad" role="alert">{shown.value.why}</p>}
        {shown.value.state === "read" && <AuditDetails entry={shown.value.entry} />}
      </dialog>
    </>
  );
}

async function read(seq: string): Promise<Shown> {
  try {
    const response = await ask(`/api/audit/${seq}`);
    const body = await response.json();
    if (response.ok) return { state: "read", entry: body as AuditEntryView };
    return { state: "failed", why: (body as { title: string }).title };
  } catch {
    return { state: "failed", why: "Cannot read this entry: the server does not answer" };
  }
}

function Row({ row, nowMs, open }: {
  row: AuditRow;
  nowMs: number;
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
          <span class="hidden sm:inline">{utc(row.at).slice(0, 19)}</span>
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
