import { Buffer } from "node:buffer";
import ssh2 from "ssh2";
import type { SFTPWrapper } from "ssh2";
import type { SimRouter } from "./router.ts";

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const FILE = 0o100644;
const FOLDER = 0o040755;

interface Open {
  readonly name: string;
  readonly isFolder: boolean;
  /** What is written, until it is closed. */
  data: Buffer | undefined;
  isListed: boolean;
}

/** The files of a router over SFTP: list, read, write, rename, remove. */
export function serveFiles(router: SimRouter, sftp: SFTPWrapper): void {
  const open = new Map<number, Open>();
  let next = 1;
  sftp.on("error", () => {});
  // A client that is done waits for our side of the channel to close.
  sftp.on("end", () => sftp.end());
  const plain = (path: string) =>
    path.replace(/^\.?\/+/, "").replace(/\/+$/, "").replace(/^\.$/, "");
  const folders = () => router.files.hasFlashFolder ? ["flash"] : [];
  const isFolder = (name: string) => name === "" || folders().includes(name);
  const handleOf = (file: Open): Buffer => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next, 0);
    open.set(next++, file);
    return handle;
  };
  const fileOf = (handle: Buffer) => open.get(handle.length === 4 ? handle.readUInt32BE(0) : 0);
  const attributes = (name: string) => ({
    mode: isFolder(name) ? FOLDER : FILE,
    uid: 0,
    gid: 0,
    size: router.files.read(name)?.length ?? 0,
    atime: 0,
    mtime: Math.floor(router.clock() / 1_000),
  });

  sftp.on("REALPATH", (id, path) => {
    const name = `/${plain(path)}`;
    sftp.name(id, [{ filename: name, longname: name, attrs: attributes(plain(path)) }]);
  });
  const stat = (id: number, path: string) => {
    const name = plain(path);
    if (!isFolder(name) && router.files.read(name) === undefined) {
      return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    }
    sftp.attrs(id, attributes(name));
  };
  sftp.on("STAT", stat);
  sftp.on("LSTAT", stat);
  sftp.on("FSTAT", (id, handle) => {
    const file = fileOf(handle);
    if (!file) return sftp.status(id, STATUS_CODE.FAILURE);
    sftp.attrs(id, attributes(file.name));
  });
  sftp.on("SETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on("FSETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));

  sftp.on("OPENDIR", (id, path) => {
    const name = plain(path);
    if (!isFolder(name)) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    sftp.handle(id, handleOf({ name, isFolder: true, data: undefined, isListed: false }));
  });
  sftp.on("READDIR", (id, handle) => {
    const folder = fileOf(handle);
    if (!folder?.isFolder) return sftp.status(id, STATUS_CODE.FAILURE);
    if (folder.isListed) return sftp.status(id, STATUS_CODE.EOF);
    folder.isListed = true;
    const prefix = folder.name === "" ? "" : `${folder.name}/`;
    const names = [
      ...(prefix === "" ? folders() : []),
      ...router.files.list().map(({ name }) => name),
    ]
      .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"));
    sftp.name(
      id,
      names.map((name) => ({
        filename: name.slice(prefix.length),
        longname: name.slice(prefix.length),
        attrs: attributes(name),
      })),
    );
  });

  sftp.on("OPEN", (id, path, flags) => {
    const name = plain(path);
    const before = router.files.read(name);
    const writes = (flags & OPEN_MODE.WRITE) !== 0;
    if (!writes && before === undefined) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    const keeps = before !== undefined && (flags & OPEN_MODE.TRUNC) === 0;
    sftp.handle(
      id,
      handleOf({
        name,
        isFolder: false,
        data: writes ? Buffer.from(keeps ? before : "", "latin1") : undefined,
        isListed: false,
      }),
    );
  });
  sftp.on("READ", (id, handle, offset, length) => {
    const file = fileOf(handle);
    const data = file && router.files.read(file.name)?.slice(0, router.fault("sftp-cut")?.bytes);
    if (data === undefined) return sftp.status(id, STATUS_CODE.FAILURE);
    if (offset >= data.length) return sftp.status(id, STATUS_CODE.EOF);
    sftp.data(id, Buffer.from(data.slice(offset, offset + length), "latin1"));
  });
  sftp.on("WRITE", (id, handle, offset, data) => {
    const file = fileOf(handle);
    if (!file?.data) return sftp.status(id, STATUS_CODE.FAILURE);
    const end = offset + data.length;
    if (end > file.data.length) file.data = Buffer.concat([file.data], end);
    data.copy(file.data, offset);
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on("CLOSE", (id, handle) => {
    const file = fileOf(handle);
    if (!file) return sftp.status(id, STATUS_CODE.FAILURE);
    open.delete(handle.readUInt32BE(0));
    if (file.data) {
      try {
        router.files.write(file.name, file.data.toString("latin1"));
      } catch {
        return sftp.status(id, STATUS_CODE.FAILURE); // no room
      }
    }
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on("REMOVE", (id, path) => {
    const isGone = router.files.remove(plain(path));
    sftp.status(id, isGone ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE);
  });
  sftp.on("RENAME", (id, from, to) => {
    const data = router.files.read(plain(from));
    if (data === undefined) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    router.files.write(plain(to), data);
    router.files.remove(plain(from));
    sftp.status(id, STATUS_CODE.OK);
  });
}
