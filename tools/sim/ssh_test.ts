import { deepEqual, equal, match, ok } from "node:assert/strict";
import { startFleet } from "./fleet.ts";

interface Login {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** OpenSSH's own clients; a password without a terminal needs a program that tells it. */
async function openSsh(
  program: "ssh" | "sftp",
  { port, username, password }: Login,
  rest: (dir: string) => string[] | Promise<string[]>,
): Promise<{ code: number; text: string }> {
  const dir = await Deno.makeTempDir({ prefix: "tod-ssh-" });
  try {
    await Deno.writeTextFile(`${dir}/ask`, `#!/bin/sh\necho '${password}'\n`, { mode: 0o700 });
    const [before, ...after] = await rest(dir);
    const { code, stdout } = await new Deno.Command(program, {
      args: [
        ...["-F", "none", program === "ssh" ? "-p" : "-P", String(port)],
        ...["-o", "StrictHostKeyChecking=no", "-o", "BatchMode=no"],
        ...["-o", `UserKnownHostsFile=${dir}/known`, "-o", "PreferredAuthentications=password"],
        ...(before ? [before] : []),
        ...[`${username}@127.0.0.1`, ...after],
      ],
      env: { SSH_ASKPASS: `${dir}/ask`, SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":0" },
      stdin: "null",
      stderr: "null",
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const ssh = (login: Login, command: string) => openSsh("ssh", login, () => ["-T", command]);

Deno.test("OpenSSH's sftp fetches a backup, sends a script, and the script does its work", async () => {
  await using fleet = await startFleet({ ssh: true, routers: [{ board: "hex" }] });
  const host = fleet.routers[0]!;
  const login = { port: host.sshPort, username: host.username, password: host.password };
  equal((await ssh(login, "/system backup save name=flash/b password=x")).code, 0);
  const folder = await Deno.makeTempDir({ prefix: "tod-sftp-" });
  try {
    await Deno.writeTextFile(`${folder}/s.rsc`, "/system identity set name=by-sftp\n");
    const batch = `ls flash\nget flash/b.backup ${folder}/b\nput ${folder}/s.rsc flash/s.rsc\n`;
    await Deno.writeTextFile(`${folder}/batch`, batch);
    const { code, text } = await openSsh("sftp", login, () => [`-b${folder}/batch`]);
    equal(code, 0, text);
    ok(text.includes("b.backup"));
    const bytes = await Deno.readFile(`${folder}/b`);
    const view = new DataView(bytes.buffer);
    deepEqual([view.getUint32(0, true), view.getUint32(4, true)], [0x7391a8ef, bytes.length]);
    equal((await ssh(login, "/import file-name=flash/s.rsc")).code, 0);
    equal(host.router.identity, "by-sftp");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("OpenSSH's client exports a simulated router, of 6 and of 7", async () => {
  await using fleet = await startFleet({
    ssh: true,
    routers: [{ version: "7.18.2", board: "hap-ac2" }, { version: "6.49.17", board: "hap-ac2" }],
  });
  for (const host of fleet.routers) {
    const login = { port: host.sshPort, username: host.username, password: host.password };
    host.router.edit("/ip/firewall/address-list").push({
      ".id": host.router.newId(),
      list: "office",
      address: "192.0.2.1",
      comment:
        `a "quoted" $comment that is so long that the line which it stands on must be broken in two`,
    });
    const { code, text } = await ssh(login, "/export");
    equal(code, 0);
    match(text, new RegExp(`by RouterOS ${host.router.version.text}`));
    match(text, /\/ip firewall address-list\r\nadd address=192\.0\.2\.1 comment="a \\"quoted\\" /);
    ok(text.split("\r\n").every((line) => line.length < 110), "long lines are broken");
    const terse = await ssh(login, "/export terse");
    ok(terse.text.includes("/ip firewall address-list add address=192.0.2.1 comment="));
    const isSix = host.router.version.major === 6;
    equal((await ssh(login, "/export show-sensitive")).code === 0, !isSix);
    deepEqual(await ssh(login, ":put done"), { code: 0, text: "done\r\n" });
    equal((await ssh({ ...login, password: "wrong" }, "/export")).code, 255);
  }
});
