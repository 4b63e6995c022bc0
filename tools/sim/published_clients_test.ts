/**
 * The simulator before clients that others wrote, so that it is not judged by our own alone. Both
 * have known defects; each test stays where the client works, and one shows where it does not.
 */
import { equal, match, ok, rejects } from "node:assert/strict";
import MikroNode from "mikronode";
import nodeRouteros from "node-routeros";
import { startFleet } from "@/tools/sim/fleet.ts";

interface RouterOSAPI {
  connect(): Promise<unknown>;
  write(command: string, words?: string[]): Promise<Record<string, string>[]>;
  stream(
    words: string[],
    told: (error: Error | null, rows: Record<string, string>[] | Record<string, string>) => void,
  ): { stop(): Promise<void> };
  close(): Promise<unknown>;
}
const { RouterOSAPI } = nodeRouteros as unknown as {
  RouterOSAPI: new (options: Record<string, unknown>) => RouterOSAPI;
};

for (const version of ["6.42.12", "6.49.17", "7.12", "7.18.2", "7.24"]) {
  Deno.test(`node-routeros polls a ${version} router`, async () => {
    await using fleet = await startFleet({ routers: [{ board: "hap-ac2", version }] });
    const { port, username, password, counts } = fleet.routers[0]!;
    const api = new RouterOSAPI({ host: "127.0.0.1", port, user: username, password, timeout: 5 });
    await api.connect();
    const [resource] = await api.write("/system/resource/print");
    match(resource!["version"]!, new RegExp(`^${RegExp.escape(version)} \\(`));
    equal(resource!["total-memory"], "134217728");
    const ports = await api.write("/interface/print", ["=.proplist=name,type", "?type=ether"]);
    equal(ports.length, 5);
    const [count] = await api.write("/interface/print", ["=count-only="]);
    equal(count!["ret"], "8");
    await rejects(api.write("/nowhere/print"), /no such command prefix/);
    await api.write("/system/identity/set", ["=name=by-another-client"]);
    const [identity] = await api.write("/system/identity/print");
    equal(identity!["name"], "by-another-client");
    equal(counts.logins, 1);
    await api.close();
  });
}

for (const version of ["6.49.17", "7.16"]) {
  Deno.test(`node-routeros changes a ${version} router: rules in order, a job that runs, a script`, async () => {
    await using fleet = await startFleet({ routers: [{ board: "hex", version }] });
    const host = fleet.routers[0]!;
    const { port, username, password } = host;
    const api = new RouterOSAPI({ host: "127.0.0.1", port, user: username, password, timeout: 5 });
    await api.connect();
    const menu = "/ip/firewall/address-list";
    const [first] = await api.write(`${menu}/add`, ["=list=a", "=address=192.0.2.1"]);
    await rejects(api.write(`${menu}/add`, ["=list=a", "=address=192.0.2.1"]), /already have/);
    await api.write(`${menu}/set`, [`=.id=${first!["ret"]}`, "=comment=one"]);
    const [rule] = await api.write("/ip/firewall/filter/add", ["=chain=forward", "=action=drop"]);
    const second = "*2";
    await api.write("/ip/firewall/filter/move", [
      `=numbers=${rule!["ret"]}`,
      `=destination=${second}`,
    ]);
    const rules = await api.write("/ip/firewall/filter/print", ["=.proplist=.id"]);
    equal(rules[1]![".id"], rule!["ret"]);
    await api.write("/ip/firewall/filter/remove", [`=.id=${rule!["ret"]}`]);
    await api.write("/system/script/add", [
      "=name=s",
      "=source=/ip firewall address-list remove [find comment=one]",
    ]);
    await api.write("/system/script/run", ["=number=s"]);
    equal(host.router.rows(menu).length, 0);
    await api.close();
  });
}

Deno.test("node-routeros is refused with a wrong password", async () => {
  await using fleet = await startFleet({ count: 1 });
  const { port, counts } = fleet.routers[0]!;
  const api = new RouterOSAPI({ host: "127.0.0.1", port, user: "tod", password: "no", timeout: 5 });
  await rejects(api.connect());
  equal(counts.failedLogins, 1);
});

Deno.test("node-routeros dies of our !empty, as it does of the real one", async () => {
  await using fleet = await startFleet({ routers: [{ board: "hex", version: "7.18.2" }] });
  const { port, username, password } = fleet.routers[0]!;
  const script = `
    import r from "node-routeros";
    const api = new r.RouterOSAPI(${
    JSON.stringify({ host: "127.0.0.1", port, user: username, password, timeout: 5 })
  });
    await api.connect();
    await api.write("/ip/firewall/raw/print");
    console.log("survived");
    Deno.exit(0);`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    cwd: new URL("../..", import.meta.url).pathname,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  ok(!text.includes("survived"), text);
  equal(code, 1);
  match(text, /UNKNOWNREPLY|unknown reply|!empty/i);
});

for (const version of ["6.49.17", "7.12"]) {
  Deno.test(`node-routeros runs the tools of a ${version} router, by sections, and stops them`, async () => {
    await using fleet = await startFleet({ routers: [{ board: "hex", version }] });
    const { port, username, password, counts } = fleet.routers[0]!;
    const api = new RouterOSAPI({ host: "127.0.0.1", port, user: username, password, timeout: 5 });
    await api.connect();
    const pings = await api.write("/ping", ["=address=10.0.0.1", "=count=3", "=interval=0.05"]);
    equal(pings.map((row) => row["seq"]).join(), "0,1,2");
    equal(pings[2]!["received"], "3");
    const hops = await api.write("/tool/traceroute", ["=address=198.51.100.7", "=count=1"]);
    equal(hops.at(-1)!["address"], "198.51.100.7");
    const [found] = await api.write("/resolve", ["=domain-name=router.example"]);
    match(found!["ret"]!, /^198\.51\.100\./);
    await rejects(api.write("/tool/wol", ["=mac=nonsense"]), /mac address required/);

    // It hands out a section when all of it has come: our numbering must be what it takes for one.
    const twoSections = Promise.withResolvers<number[]>();
    const sizes: number[] = [];
    const words = ["=interface=bridge", "=src-address=0.0.0.0/0", "=interval=0.1"];
    const stream = api.stream(["/tool/torch", ...words], (error, rows) => {
      if (error) return twoSections.reject(error);
      if (Array.isArray(rows) && sizes.push(rows.length) === 2) twoSections.resolve(sizes);
    });
    for (const size of await twoSections.promise) ok(size > 1, `${size}`);
    await stream.stop();
    equal(counts.cancelled, 1);
    equal((await api.write("/system/identity/print")).length, 1);
    await api.close();
  });
}

interface MikroChannel {
  on(event: "done", listener: (answer: { data: unknown }) => void): void;
  write(command: string): void;
}
interface MikroConnection {
  openChannel(id: string): MikroChannel;
  close(): void;
}
type MikroLogin = (username: string, password: string) => Promise<MikroConnection>;
const Mikro = MikroNode as unknown as {
  new (host: string, port: number): { connect(): Promise<[MikroLogin]> };
  resultsToObj(data: unknown): Record<string, string>[] | Record<string, string>;
};

Deno.test("mikronode logs in by challenge and polls a 6.42 router", async () => {
  // It knows the login before 6.43 only, and finds `.tag` only right behind the first word.
  await using fleet = await startFleet({
    routers: [{ board: "hap-ac2", version: "6.42.12", tagPlace: "first" }],
  });
  const router = fleet.routers[0]!;
  const [login] = await new Mikro("127.0.0.1", router.port).connect();
  const connection = await login(router.username, router.password);
  const ask = (id: string, command: string) => {
    const channel = connection.openChannel(id);
    const done = new Promise<{ data: unknown }>((resolve) => channel.on("done", resolve));
    channel.write(command);
    return done.then(({ data }) => [Mikro.resultsToObj(data)].flat());
  };
  const [resource] = await ask("a", "/system/resource/print");
  equal(resource!["version"], "6.42.12 (long-term)");
  const ports = await ask("b", "/interface/print");
  equal(ports.length, 8);
  equal(ports[0]!["default-name"], "ether1");
  equal(router.counts.logins, 1);
  connection.close();
  router.dropConnections();
  await fleet.until(() => router.openConnections === 0);
});
