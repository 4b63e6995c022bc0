import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { AuditDetails } from "@/components/AuditDetails.tsx";
import { AuditTableRow } from "@/components/AuditTableRow.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { AuditEntryView, AuditRow } from "@/core/contract/audit.ts";
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
      <ScrollArea label="Audit log">
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
              <AuditTableRow
                key={row.seq}
                row={row}
                nowMs={clock.value}
                open={open}
              />
            ))}
          </tbody>
        </table>
      </ScrollArea>
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
