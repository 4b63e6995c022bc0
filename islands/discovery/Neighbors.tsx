import { useSignal } from "@preact/signals";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { AdoptResult, SeenRouter } from "@/core/contract/discovery.ts";
import type { TagChip } from "@/core/contract/tags.ts";
import { useChange } from "../settings/use_change.ts";
import { BulkAdopt } from "./(_components)/BulkAdopt.tsx";
import { NeighborRow } from "./(_components)/NeighborRow.tsx";

export interface NeighborsProps {
  initial: SeenRouter[];
  /** Whether these are the ignored ones. */
  ignored: boolean;
  mayAdopt: boolean;
  profiles: ProfileChoice[];
  sites: string[];
  known: { tags: TagChip[]; mayMake: boolean };
  groups: { id: string; name: string }[];
  renderedAt: number;
}

/** Routers that the fleet sees and nobody manages: adopt one, or several at once, or ignore them. */
export default function Neighbors(
  { initial, ignored, mayAdopt, profiles, sites, known, groups, renderedAt }: NeighborsProps,
) {
  const routers = useSignal(initial);
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const isAdopting = useSignal(false);
  const change = useChange();

  async function setIgnored(router: SeenRouter) {
    const path = `/api/discovery/neighbors/${router.id}/ignored`;
    if (await change.run("PUT", path, { ignored: !ignored })) drop([router.id]);
  }
  function drop(ids: readonly string[]) {
    routers.value = routers.value.filter(({ id }) => !ids.includes(id));
    chosen.value = new Set([...chosen.value].filter((id) => !ids.includes(id)));
  }
  function choose(id: string, isChosen: boolean) {
    const next = new Set(chosen.value);
    if (isChosen) next.add(id);
    else next.delete(id);
    chosen.value = next;
  }
  function adopted(results: AdoptResult[]) {
    const done = new Set(
      results.filter(({ result }) => result !== "failed").map(({ address }) => address),
    );
    drop(routers.value.filter(({ addresses }) => done.has(addresses[0]!)).map(({ id }) => id));
  }

  const some = routers.value.filter(({ id }) => chosen.value.has(id));
  const isChoosing = mayAdopt && !ignored;
  return (
    <>
      {routers.value.length > 0
        ? (
          <div class="panel table-scroll">
            <table class="table" data-testid="neighbors">
              <thead>
                <tr>
                  {isChoosing && (
                    <th scope="col">
                      <span class="sr-only">Choose</span>
                    </th>
                  )}
                  <th scope="col">Router</th>
                  <th scope="col" class="hidden sm:table-cell">Address</th>
                  <th scope="col" class="hidden md:table-cell">Seen by</th>
                  <th scope="col" class="hidden lg:table-cell">Last seen</th>
                  <th scope="col">Actions</th>
                </tr>
              </thead>
              <tbody>
                {routers.value.map((router) => (
                  <NeighborRow
                    key={router.id}
                    router={router}
                    ignored={ignored}
                    mayAdopt={mayAdopt}
                    isChosen={chosen.value.has(router.id)}
                    isBusy={change.isBusy.value}
                    renderedAt={renderedAt}
                    onChoose={isChoosing ? (is) => choose(router.id, is) : undefined}
                    onIgnore={() => void setIgnored(router)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )
        : <p class="panel p-6 text-center text-text-2" role="status">Nothing is left here.</p>}
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
      {isChoosing && !isAdopting.value && (
        <div class="mt-3 flex flex-wrap items-center gap-2">
          <button
            type="button"
            class="btn btn-primary"
            disabled={some.length === 0}
            onClick={() => isAdopting.value = true}
          >
            {some.length === 0
              ? "Choose routers to adopt"
              : `Adopt ${some.length === 1 ? "1 router" : `${some.length} routers`}…`}
          </button>
        </div>
      )}
      {isAdopting.value && (
        <BulkAdopt
          routers={some.map(({ addresses, region }) => ({ address: addresses[0]!, region }))}
          profiles={profiles}
          sites={sites}
          known={known}
          groups={groups}
          onResults={adopted}
          onClose={() => isAdopting.value = false}
        />
      )}
    </>
  );
}
