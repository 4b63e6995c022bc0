import { deepEqual, equal, throws } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { CannotApply, ConfigModel } from "./config_model.ts";

const open = () =>
  new ConfigModel(Object.entries({
    "/ip/firewall/filter": [
      { ".id": "*1", chain: "input", action: "accept", disabled: "false" },
      { ".id": "*2", chain: "input", action: "drop", dynamic: "true" },
      { ".id": "*3", chain: "forward", action: "drop" },
    ],
    "/interface": [{ ".id": "*1", name: "ether1" }, { ".id": "*2", name: "bridge" }],
    "/interface/bridge": [{ ".id": "*2", name: "bridge" }],
    "/interface/bridge/port": [{ ".id": "*1", interface: "ether1", bridge: "bridge" }],
    "/interface/bridge/vlan": [{ ".id": "*1", bridge: "bridge", tagged: "bridge,ether1" }],
    "/ip/route": [{ ".id": "*1", gateway: "192.0.2.1%ether1" }],
    "/system/identity": [{ name: "a" }],
  }));
const FILTER = "/ip/firewall/filter";
const chains = (model: ConfigModel) => model.items(FILTER).map((item) => item[".id"]);
const apply = (model: ConfigModel, command: ConfigCommand) => model.apply(command);

Deno.test("ConfigModel: items are found by id, by what they say, and alone in their menu", () => {
  const model = open();
  const where = { disabled: "no", chain: "input", "src-address": "" };
  deepEqual(
    apply(model, {
      ...{ action: "set", menu: FILTER, target: { by: "where", where } },
      attributes: { comment: "one", action: null },
    }).after,
    { ".id": "*1", chain: "input", disabled: "false", comment: "one" },
  );
  apply(model, {
    ...{ action: "set", menu: "/system/identity", target: { by: "menu" } },
    attributes: { name: "b" },
  });
  equal(model.items("/system/identity")[0]!["name"], "b");
  const wrong: [where: Record<string, string>, why: RegExp][] = [
    [{ action: "drop", chain: "input" }, /no item with action=drop/],
    [{ "src-address": "" }, /2 items/],
  ];
  for (const [where, why] of wrong) {
    throws(
      () => apply(model, { action: "remove", menu: FILTER, target: { by: "where", where } }),
      (error) => error instanceof CannotApply && why.test(error.message),
    );
  }
});

Deno.test("ConfigModel: of items that say the same one is meant by its place", () => {
  const model = open();
  const drop = { by: "where", where: { "src-address": "" } } as const;
  const remove = (nth: number) =>
    apply(model, { action: "remove", menu: FILTER, target: { ...drop, nth } });
  equal(remove(1).before![".id"], "*3");
  throws(() => remove(1), /has only 1 items/);
});

Deno.test("ConfigModel: items come, go and move to their places", () => {
  const model = open();
  const added = apply(model, {
    ...{ action: "add", menu: FILTER, attributes: { chain: "input" } },
    before: { by: "id", id: "*3" },
  });
  deepEqual([added.from, added.to], [null, 2]);
  const moved = apply(model, {
    ...{ action: "move", menu: FILTER, target: { by: "id", id: "*3" } },
    before: { by: "id", id: "*1" },
  });
  deepEqual([moved.from, moved.to], [3, 0]);
  apply(model, { action: "remove", menu: FILTER, target: { by: "id", id: "*2" } });
  deepEqual(chains(model), ["*3", "*1", "new-1"]);
});

Deno.test("ConfigModel: what refers to an interface follows its new name, in both its menus", () => {
  const model = open();
  apply(model, {
    ...{ action: "set", menu: "/interface/bridge", target: { by: "id", id: "*2" } },
    attributes: { name: "lan" },
  });
  apply(model, {
    ...{ action: "set", menu: "/interface", target: { by: "id", id: "*1" } },
    attributes: { name: "wan" },
  });
  deepEqual(model.items("/interface").map(({ name }) => name), ["wan", "lan"]);
  deepEqual(model.items("/interface/bridge/port")[0], {
    ...{ ".id": "*1", interface: "wan", bridge: "lan" },
  });
  equal(model.items("/interface/bridge/vlan")[0]!["tagged"], "lan,wan");
  equal(model.items("/ip/route")[0]!["gateway"], "192.0.2.1%wan");
});
