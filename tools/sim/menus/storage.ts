import { backupFile, readBackup, restoreState } from "../backup.ts";
import type { Board } from "../boards.ts";
import { exportText } from "../export.ts";
import type { Action, Menu } from "../menu.ts";
import { PowerGone } from "../moments.ts";
import { dateTime } from "../text.ts";
import { noSuchItem, notPermitted, Trap } from "../trap.ts";
import type { Version } from "../version.ts";

const MOST_CONTENTS = { 6: 4_096, 7: 61_440 } as const;
const MOST_CHUNK = 32_768;
const LOAD_POLICIES = ["read", "write", "policy", "test", "reboot", "ftp"];

/** Files, backups, exports to a file. */
export function storageMenus(_board: Board, version: Version): Menu[] {
  const root: Menu = {
    path: "",
    isFolder: true,
    rows: () => [],
    actions: { export: exportFile(version) },
  };
  return [fileMenu(version), root, {
    path: "/system/backup",
    isFolder: true,
    rows: () => [],
    actions: { save, load: load(version) },
  }];
}

function fileMenu(version: Version): Menu {
  const most = version.major === 6 ? MOST_CONTENTS[6] : MOST_CONTENTS[7];
  return {
    path: "/file",
    isFresh: true,
    isUnexported: true,
    verbs: [],
    settable: ["contents", ...(version.atLeast("7.16") ? ["name"] : [])],
    rows: (router) => [
      ...(router.files.hasFlashFolder
        ? [{ ".id": "*1", name: "flash", type: version.major === 6 ? "disk" : "directory" }]
        : []),
      ...router.files.list().map(({ name, data, at, type }, i) => {
        const { date, time } = dateTime(at, version.hasIsoDates);
        const when = `${date} ${time}`;
        return {
          ".id": `*${(0x100000 + i).toString(16).toUpperCase()}`,
          name,
          type,
          size: String(data.length),
          ...(version.major === 6 ? { "creation-time": when } : { "last-modified": when }),
          ...(data.length <= most && type !== "backup" ? { contents: data } : {}),
        };
      }),
    ],
    actions: {
      ...(version.atLeast("7.13") ? { read: readChunk } : {}),
      ...(version.atLeast("7.9") ? { add: addFile } : {}),
      set: setFile,
      remove: removeFile,
    },
  };
}

const named = (attributes: ReadonlyMap<string, string>) =>
  attributes.get(".id") ?? attributes.get("numbers") ?? attributes.get("name") ??
    attributes.get("file");

/** A file by its name or its id, which lasts as long as no file comes or goes. */
function nameOf(router: Parameters<Action["run"]>[0], attributes: ReadonlyMap<string, string>) {
  const wanted = named(attributes);
  const place = /^\*(1[0-9A-F]{5})$/.exec(wanted ?? "");
  const name = place ? router.files.list()[parseInt(place[1]!, 16) - 0x100000]?.name : wanted;
  if (name === undefined || router.files.read(name) === undefined) throw noSuchItem();
  return name;
}

const readChunk: Action = {
  accepts: ["file", "offset", "chunk-size"],
  policies: ["read"],
  run(router, attributes) {
    const data = router.files.read(nameOf(router, attributes))!;
    const offset = Number(attributes.get("offset") ?? 0);
    const size = Number(attributes.get("chunk-size") ?? MOST_CHUNK);
    if (!(size >= 1 && size <= MOST_CHUNK)) {
      throw new Trap(`value of chunk-size out of range (1..${MOST_CHUNK})`, 1);
    }
    return [{ data: data.slice(offset, offset + size) }];
  },
};

const addFile: Action = {
  accepts: ["name", "contents", "type"],
  policies: ["write"],
  run(router, attributes) {
    const name = attributes.get("name");
    if (!name) throw new Trap("missing =name=", 1);
    if (router.files.read(name) !== undefined) {
      throw new Trap("failure: file with such name already exists", 4);
    }
    router.files.write(name, attributes.get("contents") ?? "");
    return { ret: undefined };
  },
};

const setFile: Action = {
  accepts: [".id", "numbers", "contents", "name"],
  policies: ["write"],
  run(router, attributes) {
    const name = nameOf(router, attributes);
    const contents = attributes.get("contents");
    if (contents !== undefined) {
      const most = router.version.major === 6 ? MOST_CONTENTS[6] : MOST_CONTENTS[7];
      if (contents.length > most) throw new Trap("failure: contents are too long", 4);
      router.files.write(name, contents);
    }
    const next = attributes.get("name");
    if (next !== undefined && next !== name && attributes.has(".id")) {
      router.files.write(next, router.files.read(name)!);
      router.files.remove(name);
    }
    return { ret: undefined };
  },
};

const removeFile: Action = {
  accepts: [".id", "numbers"],
  policies: ["write"],
  run(router, attributes) {
    const list = (named(attributes) ?? "").split(",").filter(Boolean);
    const names = list.map((one) => nameOf(router, new Map([[".id", one]])));
    for (const name of names) router.files.remove(name);
    return { ret: undefined };
  },
};

const withEnding = (name: string, ending: string) => name.endsWith(ending) ? name : name + ending;

const save: Action = {
  accepts: ["name", "password", "dont-encrypt", "encryption"],
  policies: ["ftp", "read", "write", "policy", "test"],
  run(router, attributes) {
    const name = attributes.get("name") ?? `${router.identity}-backup`;
    const isPlain = /^(yes|true|)$/.test(attributes.get("dont-encrypt") ?? "no");
    const password = isPlain ? undefined : attributes.get("password");
    const encryption = attributes.get("encryption") === "rc4" ? "rc4" : "aes-sha256";
    const file = backupFile(router, password, encryption);
    router.files.write(
      withEnding(name, ".backup"),
      router.fault("backup-empty") ? "" : file,
    );
    router.log("system,info", "configuration backup saved");
    return { ret: undefined };
  },
};

function load(version: Version): Action {
  return {
    accepts: [
      ...["name", "password"],
      ...(version.major >= 7 ? ["force-v6-to-v7-configuration-upgrade"] : []),
    ],
    policies: LOAD_POLICIES,
    run(router, attributes, actor) {
      const name = attributes.get("name");
      if (!name) throw new Trap("missing =name=", 1);
      const password = attributes.get("password");
      if (password === undefined) throw new Trap("missing =password=", 1);
      const file = router.files.read(withEnding(name, ".backup"));
      if (file === undefined) throw new Trap("failure: file not found", 4);
      const state = readBackup(file, password);
      restoreState(router, state);
      router.log("system,info", "configuration restored from backup");
      actor.hangUp();
      router.reboot();
      throw new PowerGone();
    },
  };
}

/** Over the API `/export` says nothing: its text goes to a file, or to a script's output. */
function exportFile(version: Version): Action {
  const isSeven = version.major >= 7;
  return {
    accepts: [
      ...["file", "terse", "compact", "verbose", "hide-sensitive"],
      ...(isSeven ? ["show-sensitive"] : []),
    ],
    policies: ["read"],
    run(router, attributes, actor) {
      const isOn = (name: string) => attributes.has(name) && attributes.get(name) !== "no";
      const shows = isOn("show-sensitive") || !isSeven && !isOn("hide-sensitive");
      if (shows && isSeven && !actor.policies.has("sensitive")) throw notPermitted();
      const text = exportText(router, { isTerse: isOn("terse"), hasSecrets: shows });
      const file = attributes.get("file");
      if (file === undefined) return { ret: actor.isScript ? text : undefined };
      if (!actor.policies.has("write")) throw notPermitted();
      router.files.write(withEnding(file, ".rsc"), text);
      return { ret: undefined };
    },
  };
}
