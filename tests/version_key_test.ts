import { deepEqual } from "node:assert/strict";
import { openTestDb } from "./support/databases.ts";

Deno.test("version_key() sorts versions as people do, and takes whatever a router says", async () => {
  await using test = await openTestDb();
  const rows = await test.admin<{ version: string; key: number[] | null }[]>`
    select version, version_key(version) as key from unnest(${[
    ...["7.16.2", "7.9", "7.16beta2", "6.49.10 (long-term)", "x", "", "99999999999999.1", "7.16"],
  ]}::text[]) as v (version) order by version_key(version) nulls last, version`;
  // A beta's number counts as a third one: nobody compares it with the release of that number.
  deepEqual(rows.map(({ version }) => version), [
    ...["6.49.10 (long-term)", "7.9", "7.16", "7.16.2", "7.16beta2", "99999999999999.1", "", "x"],
  ]);
  deepEqual(rows[0]!.key, [6, 49, 10]);
  deepEqual(rows[5]!.key, [999_999_999, 1]);
  deepEqual(rows[7]!.key, null);
});
