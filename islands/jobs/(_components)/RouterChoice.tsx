import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "@/components/Field.tsx";
import { ask } from "../../ask.ts";

const ASK_AFTER_MS = 250;

interface Fitting {
  items: { id: string; name: string }[];
  total: number;
  problems: string[];
}

/** Routers that were chosen before, or a search that says at once whom it fits. */
export function RouterChoice({ ids, query, count }: {
  ids: readonly string[];
  query: Signal<string>;
  count: Signal<number | undefined>;
}) {
  const fitting = useSignal<Fitting | undefined>(undefined);
  useEffect(() => {
    if (ids.length > 0) return;
    const ending = new AbortController();
    count.value = undefined;
    const timer = setTimeout(async () => {
      const search = new URLSearchParams({ q: query.value, limit: "5" });
      const answer = await ask(`/api/devices?${search}`, { signal: ending.signal }).catch(() =>
        undefined
      );
      if (!answer?.ok || ending.signal.aborted) return;
      const found: Fitting = await answer.json();
      fitting.value = found;
      count.value = found.total;
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [query.value]);
  return (
    <section aria-labelledby="job-routers">
      <h2 id="job-routers" class="mb-2 text-lg">Routers</h2>
      {ids.length > 0
        ? (
          <p>
            {ids.length === 1 ? "1 router was" : `${ids.length} routers were`} chosen.{" "}
            <a class="underline" href="/jobs/new">Search for others instead</a>
          </p>
        )
        : (
          <>
            <Field
              label="Search"
              name="job-query"
              hint='As in the fleet: tag:backhaul site:"North" version:<7.16 group:"Towers"; empty: all.'
            >
              <input
                id="job-query"
                type="search"
                class="field mono max-w-xl"
                maxlength={500}
                autocomplete="off"
                spellcheck={false}
                value={query.value}
                onInput={(event) => query.value = event.currentTarget.value}
              />
            </Field>
            <p class="break mt-1 text-sm" role="status">
              {fitting.value && count.value !== undefined && <Found fitting={fitting.value} />}
            </p>
          </>
        )}
    </section>
  );
}

function Found({ fitting: { items, total, problems } }: { fitting: Fitting }) {
  return (
    <>
      {problems.map((problem) => <span key={problem} class="block text-warn">{problem}</span>)}
      {total === 0
        ? "It fits no router."
        : `It fits ${total === 1 ? "1 router" : `${total.toLocaleString("en-US")} routers`}: `}
      {items.map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && ", "}
          <bdi>{name.slice(0, 60)}</bdi>
        </span>
      ))}
      {total > items.length && " …"}
    </>
  );
}
