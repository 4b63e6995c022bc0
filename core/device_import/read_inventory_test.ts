import { deepEqual, equal, rejects } from "node:assert/strict";
import { csvLine } from "@/core/csv.ts";
import { InvalidInput } from "@/core/errors.ts";
import { readInventory } from "./read_inventory.ts";

const fieldsOf = async (text: string) =>
  (await readInventory(text)).rows.map(({ fields }) => fields);

Deno.test("readInventory() reads what other tools export", async () => {
  const dude = [
    '"Name","Type","Addresses","MAC","Services up"',
    '"Tower North","RouterOS","192.0.2.1, 10.0.0.1","00:0C:42:00:00:01","3"',
  ].join("\r\n");
  deepEqual(await fieldsOf(dude), [
    { name: "Tower North", os: "RouterOS", address: "192.0.2.1, 10.0.0.1" },
  ]);

  const librenms = "hostname,sysName,os,location\nr1.example.net,Tower,routeros,Vienna\n";
  deepEqual(await fieldsOf(librenms), [
    { address: "r1.example.net", name: "Tower", os: "routeros", site: "Vienna" },
  ]);

  const oxidized = "# our routers\nr1.example.net:routeros:tod:s:\n192.0.2.7:routeros\n";
  const read = await readInventory(oxidized);
  equal(read.format, "oxidized");
  deepEqual(read.rows.map(({ line, fields: { address, username } }) => [line, address, username]), [
    [2, "r1.example.net", "tod"],
    [3, "192.0.2.7", undefined],
  ]);

  const pasted = "IP\tUser\tPassword\n192.0.2.9\ttod\t p;w, \n";
  deepEqual(await fieldsOf(pasted), [{
    ...{ address: "192.0.2.9", username: "tod", password: " p;w, " },
  }]);
  deepEqual(await fieldsOf("\uFEFFip;name\n192.0.2.9;Zürich\n"), [{
    ...{ address: "192.0.2.9", name: "Zürich" },
  }]);
});

Deno.test("readInventory() takes a spreadsheet's marks off, and leaves passwords as they are", async () => {
  const text = csvLine(["address", "name", "user", "password"]) +
    csvLine(["192.0.2.1", "=1+1", "tod", null]).replace("tod,", "tod,'=secret");
  deepEqual(await fieldsOf(text), [
    { address: "192.0.2.1", name: "=1+1", username: "tod", password: "'=secret" },
  ]);
});

Deno.test("readInventory() says why a file cannot be read", async () => {
  for (
    const [text, why] of [
      ["\n\n", /it is empty/],
      ["colour,size\nred,3\n", /no column has addresses/],
      ['address,name\n192.0.2.1,"open', /quote is never closed/],
      [`address\n${"192.0.2.1\n".repeat(10_001)}`, /10001 rows/],
    ] as const
  ) {
    await rejects(readInventory(text), (error) => {
      equal(error instanceof InvalidInput, true);
      return why.test(JSON.stringify((error as InvalidInput).issues));
    });
  }
});
