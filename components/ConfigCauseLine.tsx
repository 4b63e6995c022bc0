import type { ComponentChildren } from "preact";
import type { ConfigCause } from "@/core/contract/configs.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { Actor } from "./Actor.tsx";

const KINDS: Readonly<Record<string, string>> = {
  push: "Push",
  binary_restore: "Full restore",
  restore: "Restore",
  bulk: "Bulk job",
};
/** Where an operation is shown. */
const PAGES: Readonly<Record<string, string>> = { push: "/pushes/" };
const OUTCOMES = {
  kept: "",
  reverted: ", reverted",
  failed: ", failed",
  unknown: ", outcome unknown",
};

/** What brought a version: the surest trace there is, or that there is none. */
export function ConfigCauseLine({ cause }: { cause: ConfigCause }) {
  const { operations, changes, logins, hasEvents, after, before } = cause;
  if (operations.length > 0) {
    return (
      <Few
        items={operations.map(({ kind, id, title, actor, actorName, outcome }) => {
          const page = PAGES[kind];
          const name = <bdi class="break">{title}</bdi>;
          return (
            <>
              {KINDS[kind] ?? kind} {page
                ? (
                  <a class="text-accent underline" href={page + encodeURIComponent(id)}>
                    {name}
                  </a>
                )
                : name}, by <Actor actor={actor} name={actorName} />
              {outcome === null ? ", under way" : OUTCOMES[outcome]}
            </>
          );
        })}
      />
    );
  }
  if (after === null) return <span class="text-text-3">First reading</span>;
  if (changes.length > 0) {
    return (
      <Few
        items={changes.map(({ by, what }) => (
          <>
            <bdi class="break font-medium">{by || "Somebody"}</bdi>:{" "}
            <bdi class="break">{what || "a change"}</bdi>
          </>
        ))}
        note="as the router's log says"
      />
    );
  }
  if (logins.length > 0) {
    return (
      <Few
        items={logins.map(({ user, from, via }) => (
          <>
            Maybe <bdi class="break font-medium">{user || "somebody"}</bdi>, logged in
            {via && (
              <>
                {" "}by <bdi class="break">{via}</bdi>
              </>
            )}
            {from && (
              <>
                {" "}from <bdi class="break mono">{from}</bdi>
              </>
            )}
          </>
        ))}
      />
    );
  }
  return (
    <span class="text-text-2">
      {hasEvents ? "Unknown" : "No operation of TOD; the router's log is not yours to see"}, between
      {" "}
      <time dateTime={after} title={utc(after)}>{local(after)}</time> and{" "}
      <time dateTime={before} title={utc(before)}>{local(before)}</time>
    </span>
  );
}

const SHOWN = 3;

function Few({ items, note }: { items: ComponentChildren[]; note?: string }) {
  const more = items.length - SHOWN;
  return (
    <>
      {items.slice(0, SHOWN).map((item, at) => <div key={at}>{item}</div>)}
      {more > 0 && <div class="text-text-2">and {more} more</div>}
      {note && <div class="text-xs text-text-3">{note}</div>}
    </>
  );
}
