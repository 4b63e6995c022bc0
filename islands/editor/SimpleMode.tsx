import { useEffect, useMemo } from "preact/hooks";
import type { EditorProps } from "./Editor.tsx";
import { EditorState } from "./(_components)/editor_state.ts";
import { PendingPanel } from "./(_components)/PendingPanel.tsx";
import { FirewallCard } from "./(_components)/simple/FirewallCard.tsx";
import { ForwardingCard } from "./(_components)/simple/ForwardingCard.tsx";
import { InternetCard } from "./(_components)/simple/InternetCard.tsx";
import { LanCard } from "./(_components)/simple/LanCard.tsx";
import { SimpleState } from "./(_components)/simple/simple_state.ts";
import { DnsCard, ServicesCard, SystemCard } from "./(_components)/simple/SystemCards.tsx";
import { WifiCards } from "./(_components)/simple/WifiCard.tsx";

export type SimpleModeProps = Omit<EditorProps, "menu" | "mayReveal">;

const PARTS = [
  ["internet", "Internet", InternetCard],
  ["lan", "Own network", LanCard],
  ["wifi", "Wi-Fi", WifiCards],
  ["forwarding", "Port forwarding", ForwardingCard],
  ["firewall-part", "Firewall", FirewallCard],
  ["dns", "DNS", DnsCard],
  ["system", "Name and time", SystemCard],
  ["services-part", "Services", ServicesCard],
] as const;

/** What most routers need, as plain forms. They end in the same pending changes as the editor. */
export default function SimpleMode({ device, set, openSets, mayWrite }: SimpleModeProps) {
  const editor = useMemo(() => new EditorState({ device, path: "", set, openSets }), []);
  const state = useMemo(() => new SimpleState(editor), []);
  useEffect(() => void state.refresh(), []);
  const open = (menu: string) =>
    location.assign(`/devices/${device.id}/editor?menu=${encodeURIComponent(menu)}`);
  const hasPanel = editor.set.value !== undefined || editor.openSets.value.length > 0;
  const count = editor.pending.value.length;
  return (
    <div
      class={`grid items-start gap-4 lg:grid-cols-[12rem_minmax(0,1fr)] ${
        hasPanel ? "xl:grid-cols-[12rem_minmax(0,1fr)_19rem]" : ""
      }`}
      data-testid="simple"
    >
      <nav
        class="flex flex-wrap gap-1.5 lg:sticky lg:top-4 lg:block"
        aria-label="Parts of the configuration"
      >
        {PARTS.map(([id, label]) => (
          <a key={id} class="nav-link py-1! text-sm" href={`#${id}`}>{label}</a>
        ))}
      </nav>
      <div class="min-w-0" aria-busy={state.isReading.value}>
        {state.problem.value && (
          <div class="panel p-5" role="alert">
            <p class="break text-bad">{state.problem.value}</p>
            <button type="button" class="btn mt-3" onClick={() => void state.refresh()}>
              Try again
            </button>
          </div>
        )}
        {!state.tables.value
          ? !state.problem.value && (
            <p class="panel p-6 text-center text-text-2" role="status">Reading the router…</p>
          )
          : (
            <div class="grid max-w-3xl gap-4">
              {PARTS.map(([id, , Card]) => (
                <div key={id} id={id} class="grid scroll-mt-4 gap-4">
                  <Card state={state} mayWrite={mayWrite} />
                </div>
              ))}
            </div>
          )}
      </div>
      {hasPanel && <PendingPanel state={editor} {...{ mayWrite }} onOpen={open} />}
      <p class="sr-only" role="status">{editor.said.value}</p>
      {count > 0 && (
        <a
          href="#pending"
          class="btn btn-primary fixed right-4 bottom-4 z-10 shadow-lg xl:hidden"
        >
          {count} pending
        </a>
      )}
    </div>
  );
}
