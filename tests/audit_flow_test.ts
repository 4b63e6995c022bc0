import { deepEqual, equal, ok } from "node:assert/strict";
import { readExport } from "@/core/audit/read_export.ts";
import { verifyExport } from "@/core/audit/verify_export.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { addRouter, followUntil, startProduct, temporaryDataDir } from "./support/product.ts";

interface Read {
  actor: string;
  purpose: string;
  deviceId: string;
  count: number;
}

Deno.test("what was done and read before a stop is in the audit and transparency logs after it", async () => {
  await using fleet = await startFleet({ count: 2, seed: 7 });
  await using dir = await temporaryDataDir();
  const env = { TOD_POLL_INTERVAL_SECONDS: "1" };
  const first = await startProduct({ dataDir: dir.path, env });
  const ids: string[] = [];
  for (const router of fleet.routers) ids.push(await addRouter(first.access, router));
  const areOnline = (cells: Map<string, { status: string }>) =>
    ids.every((id) => cells.get(id)?.status === "online");
  await followUntil(first.access, areOnline, 30_000);
  const { headers } = first.user;
  const exported = await fetch(`${first.url}/api/audit/export?format=jsonl`, { headers });
  const before = await verifyExport(
    readExport(exported.body!.pipeThrough(new TextDecoderStream())),
  );
  equal(before.problem, undefined);
  equal(await first.stop(), 0);

  await using second = await startProduct({ dataDir: dir.path, env });
  const ask = async (path: string) =>
    await (await fetch(`${second.url}/api${path}`, { headers: second.user.headers })).json();
  const { items } = await ask("/transparency?purpose=poll");
  const ofPolls = (items as Read[]).filter(({ deviceId }) => ids.includes(deviceId));
  deepEqual(ofPolls.map(({ deviceId }) => deviceId).sort(), ids.toSorted());
  ok(ofPolls.every(({ actor, count }) => actor.startsWith("poller:") && count >= 1));

  const log = await fetch(`${second.url}/api/audit/export?format=csv`, {
    headers: second.user.headers,
  });
  const after = await verifyExport(
    readExport(log.body!.pipeThrough(new TextDecoderStream())),
    { keptHead: before.last!.hash },
  );
  deepEqual([after.problem, after.keptHeadSeq], [undefined, before.last!.seq]);
  const added = await ask("/audit?action=device.added");
  deepEqual(added.items.map(({ targetId }: { targetId: string }) => targetId), ids.toReversed());
  equal(await second.stop(), 0);
});
