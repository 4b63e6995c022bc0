import { addDevice } from "@/core/devices/devices.ts";
import { listDevices } from "@/core/devices/list_devices.ts";
import type { NewDevice } from "@/core/contract/device.ts";
import type { DeviceChange } from "@/core/devices/changes.ts";
import { subjects } from "@/core/subjects.ts";
import { openTestDb } from "./databases.ts";
import { openTestPlatform } from "./platform.ts";
import { scopeOf } from "./scope.ts";

const ANY_CHANGE = subjects.deviceChanged("*");

/** A database with routers of acme that the use cases put there. */
export async function openInventory() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  let added = 0;
  return {
    ...test,
    platform,
    scope,
    router: (name: string, more: Partial<NewDevice> = {}, by = scope) =>
      addDevice(by, platform, {
        ...{ address: `192.0.2.${++added}`, name, username: "tod", password: "x" },
        ...{ tlsMode: "plain", region: "default" },
        ...more,
      }),
    /** Names of what a query finds. */
    find: async (q: string, by = scope) =>
      (await listDevices(by, { q, limit: 500 })).items.map(({ name }) => name),
    problems: async (q: string) => (await listDevices(scope, { q, limit: 1 })).problems,
    /** The next changes that pollers are told, as `what region id`; call it before what causes them. */
    hear: async (count: number) => {
      const ending = new AbortController();
      const heard: string[] = [];
      const options = { capacity: 100, signal: ending.signal };
      for await (const { subject, data } of platform.bus.listen(ANY_CHANGE, options)) {
        const { change, deviceId }: DeviceChange = JSON.parse(new TextDecoder().decode(data));
        heard.push(`${change} ${subject.split(".").at(-1)} ${deviceId}`);
        if (heard.length === count) break;
      }
      ending.abort();
      return heard;
    },
    actions: async () =>
      (await test.admin<{ action: string }[]>`
        select action from audit_log where tenant_id = ${test.acme} order by seq`)
        .map(({ action }) => action),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}
