import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ScanStatus } from "@/components/ScanStatus.tsx";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { AdoptResult } from "@/core/contract/discovery.ts";
import type { Scan, ScanHost, ScanNews, ScanWithHosts } from "@/core/contract/scans.ts";
import type { TagChip } from "@/core/contract/tags.ts";
import { useChange } from "../settings/use_change.ts";
import { BulkAdopt } from "./(_components)/BulkAdopt.tsx";
import { HostRow } from "./(_components)/HostRow.tsx";
import { followScan } from "./follow_scan.ts";

export interface ScanViewProps {
  initial: ScanWithHosts;
  mayAdopt: boolean;
  profiles: ProfileChoice[];
  sites: string[];
  known: { tags: TagChip[]; mayMake: boolean };
  groups: { id: string; name: string }[];
}

/** A scan as it goes: how far it is, what it found, and adopting several of it at once. */
export default function ScanView(
  { initial, mayAdopt, profiles, sites, known, groups }: ScanViewProps,
) {
  const scan = useSignal(initial.scan);
  const hosts = useSignal<ReadonlyMap<string, ScanHost>>(byAddress(initial.hosts));
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const isAdopting = useSignal(false);
  const showsAll = useSignal(false);
  const change = useChange();
  const { id } = initial.scan;
  const isRunning = useComputed(() => scan.value.status === "running");

  function take(news: ScanNews) {
    scan.value = news.scan;
    if (news.hosts.length > 0) hosts.value = new Map([...hosts.value, ...byAddress(news.hosts)]);
  }
  useEffect(() => {
    // An interrupted one may go on: its poller was away from us only.
    if (scan.value.status !== "running") return;
    return followScan(id, take, (whole) => {
      scan.value = whole.scan;
      hosts.value = byAddress(whole.hosts);
    });
  }, [id, isRunning.value]);

  async function stop() {
    const result = await change.run<Scan>("POST", `/api/discovery/scans/${id}/cancel`);
    if (result) scan.value = result.body;
  }
  function adopted(results: AdoptResult[]) {
    const next = new Map(hosts.value);
    const rest = new Set(chosen.value);
    for (const { address, name, deviceId, result } of results) {
      const host = next.get(address);
      if (result === "failed" || !host) continue;
      rest.delete(address);
      if (deviceId) {
        next.set(address, { ...host, device: { deviceId, deviceName: name ?? address } });
      }
    }
    hosts.value = next;
    chosen.value = rest;
  }
  function choose(address: string, isChosen: boolean) {
    const next = new Set(chosen.value);
    if (isChosen) next.add(address);
    else next.delete(address);
    chosen.value = next;
  }

  const all = [...hosts.value.values()];
  const likely = all.filter(({ isRouteros, suggestion }) => isRouteros || suggestion !== null);
  const shown = showsAll.value ? all : likely;
  const free = likely.filter(({ device, suggestion }) => device === null && suggestion !== null);
  const some = free.filter(({ address }) => chosen.value.has(address));
  return (
    <>
      <Progress
        scan={scan.value}
        routers={likely.length}
        isBusy={change.isBusy.value}
        onStop={stop}
      />
      {change.problem.value && (
        <p class="break mb-3 text-bad" role="alert">{change.problem.value}</p>
      )}
      {all.length > likely.length && (
        <label class="mb-3 flex items-center gap-2">
          <input
            type="checkbox"
            checked={showsAll.value}
            onChange={(event) => showsAll.value = event.currentTarget.checked}
          />
          Show {all.length - likely.length} that {all.length - likely.length === 1 ? "does" : "do"}
          {" "}
          not look like RouterOS
        </label>
      )}
      {shown.length > 0 && (
        <div class="panel table-scroll">
          <table class="table" data-testid="hosts">
            <thead>
              <tr>
                {mayAdopt && (
                  <th scope="col">
                    <input
                      type="checkbox"
                      aria-label="Choose all that can be adopted"
                      checked={free.length > 0 && some.length === free.length}
                      disabled={free.length === 0}
                      onChange={(event) =>
                        chosen.value = new Set(
                          event.currentTarget.checked ? free.map(({ address }) => address) : [],
                        )}
                    />
                  </th>
                )}
                <th scope="col">Address</th>
                <th scope="col" class="hidden sm:table-cell">Answers</th>
                <th scope="col">Login</th>
                {mayAdopt && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {shown.map((host) => (
                <HostRow
                  key={host.address}
                  host={host}
                  region={scan.value.region}
                  mayAdopt={mayAdopt}
                  isChosen={chosen.value.has(host.address)}
                  onChoose={(is) => choose(host.address, is)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {mayAdopt && free.length > 0 && !isAdopting.value && (
        <button
          type="button"
          class="btn btn-primary mt-3"
          disabled={some.length === 0}
          onClick={() => isAdopting.value = true}
        >
          {some.length === 0
            ? "Choose routers to adopt"
            : `Adopt ${some.length === 1 ? "1 router" : `${some.length} routers`}…`}
        </button>
      )}
      {isAdopting.value && (
        <BulkAdopt
          routers={some.map(({ address, suggestion }) => ({
            address,
            region: scan.value.region,
            place: suggestion ?? undefined,
          }))}
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

function byAddress(hosts: readonly ScanHost[]): ReadonlyMap<string, ScanHost> {
  return new Map(hosts.map((host) => [host.address, host]));
}

function Progress({ scan, routers, isBusy, onStop }: {
  scan: Scan;
  routers: number;
  isBusy: boolean;
  onStop: () => Promise<void>;
}) {
  const isRunning = scan.status === "running";
  const found = routers === 1 ? "1 router" : `${routers.toLocaleString("en-US")} routers`;
  return (
    <section class="panel mb-4 grid gap-3 p-4" aria-label="Progress">
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <ScanStatus scan={scan} />
        <span role="status">{isRunning ? `${found} so far` : `${found} found`}</span>
        {isRunning && (
          <button
            type="button"
            class="btn ml-auto"
            disabled={isBusy || scan.isStopping}
            onClick={() => void onStop()}
          >
            Stop
          </button>
        )}
      </div>
      {isRunning && (
        <progress
          class="scan-progress"
          value={scan.done}
          max={Math.max(scan.total, 1)}
          aria-label="Addresses looked at"
        />
      )}
      {scan.reason && <p class="break text-warn">{scan.reason}</p>}
      {!isRunning && routers === 0 && scan.status === "done" && (
        <p class="text-text-2">
          Nothing answered like RouterOS. If routers are there, allow this poller's address in{" "}
          <code>/ip service</code> and in their firewall, then scan again.
        </p>
      )}
    </section>
  );
}
