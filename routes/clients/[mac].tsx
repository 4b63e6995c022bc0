import type { ComponentChildren } from "preact";
import { KindBadge } from "@/components/KindBadge.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { ago, utc } from "@/core/contract/format.ts";
import ClientNow from "@/islands/clients/ClientNow.tsx";
import EraseClient from "@/islands/clients/EraseClient.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";
import { Sightings } from "./(_components)/Sightings.tsx";

export const handler = define.handlers({
  async GET({ url, params, state: { api, me } }) {
    const param = { mac: params["mac"]! };
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const query = { limit: "50", ...(cursor && { cursor }) };
    const [detail, sightings] = await Promise.all([
      data(api.clients[":mac"].$get({ param })),
      data(api.clients[":mac"].sightings.$get({ param, query })),
    ]);
    return page({
      ...{ detail, sightings, cursor, renderedAt: Date.now() },
      mayErase: may(me, "clients:erase"),
    });
  },
});

export const title = ({ detail: { client } }: {
  detail: { client: { name: string | null; macAddress: string } };
}) => client.name ?? client.macAddress;

export default define.page<typeof handler>(({ data }) => {
  const { detail: { client, now }, sightings, cursor, renderedAt, mayErase } = data;
  const path = `/clients/${client.macAddress}`;
  return (
    <>
      <PageHeader title={client.name ?? client.macAddress}>
        <span class="mono">{client.macAddress}</span> <KindBadge kind={client.kind} />
      </PageHeader>
      <dl class="mb-6 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        <Fact label="Seen">
          {client.isHere
            ? <span class="font-medium text-ok">here now</span>
            : <span title={utc(client.lastSeen)}>{ago(client.lastSeen, renderedAt)}</span>}
        </Fact>
        <Fact label="First seen">
          <span title={utc(client.firstSeen)}>{ago(client.firstSeen, renderedAt)}</span>
        </Fact>
        <Fact label={client.addresses.length > 1 ? "Addresses" : "Address"}>
          {client.addresses.length === 0
            ? "unknown"
            : client.addresses.map((address) => (
              <div key={address} class="mono break">{address}</div>
            ))}
        </Fact>
        <Fact label="Vendor">
          {client.isRandom
            ? "none: it chose this MAC itself, often a new one for each network"
            : client.vendor ?? "unknown"}
        </Fact>
      </dl>
      <h2 class="mb-2 text-lg">Now</h2>
      {now.length === 0
        ? (
          <p class="text-text-2">
            {client.kind === "router"
              ? "This is an interface of a router that is managed here."
              : "No router has it in its tables now."}
          </p>
        )
        : <ClientNow macAddress={client.macAddress} initial={now} />}
      <h2 class="mt-6 mb-2 text-lg">History</h2>
      <Sightings items={sightings.items} nowMs={renderedAt} />
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={path}>Latest</a>}
        {sightings.nextCursor && (
          <a class="btn" href={`${path}?cursor=${sightings.nextCursor}`}>Earlier</a>
        )}
      </nav>
      {mayErase && client.kind !== "router" && (
        <div class="mt-8 border-t border-line pt-4">
          <EraseClient macAddress={client.macAddress} />
        </div>
      )}
    </>
  );
});

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      <dt class="text-xs text-text-3">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
