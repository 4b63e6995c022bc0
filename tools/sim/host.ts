import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { admits, keepAtHand, managementAddress } from "./admission.ts";
import { AnonymousTls } from "./anonymous_tls.ts";
import { certificate } from "./certificates.ts";
import type { Fault, FaultKind } from "./faults.ts";
import { RemoteLog } from "./remote_log.ts";
import type { SimRouter } from "./router.ts";
import { ApiConnection } from "./session.ts";
import { hostKey, SshService } from "./ssh.ts";

export type TlsKind = "none" | "rsa" | "anonymous";

export interface HostOptions {
  /** A loopback address. */
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tlsPort: number;
  readonly tls: TlsKind;
  /** A certificate of its own; routers share one otherwise. */
  readonly hasOwnCertificate: boolean;
  /** Whether it has an SSH service; on a free port, or on 22 of an address of its own. */
  readonly hasSsh: boolean;
  readonly sshPort: number;
  /** Its own configuration decides who comes in, on its usual ports and from far away. */
  readonly isGuarded: boolean;
}

/** Where whoever manages a guarded fleet is, as its routers see it. */
export const MANAGER_ADDRESS = "10.255.0.1";
const BACKLOG = 128;

/** A router with its ports open: what tests and the demo hold in their hands. */
export class RouterHost implements AsyncDisposable {
  readonly router: SimRouter;
  readonly #options: HostOptions;
  #port: number;
  #tlsPort: number;
  #plain: Server | undefined;
  #secure: TlsServer | undefined;
  #anonymous: AnonymousTls | undefined;
  #ssh: SshService | undefined;
  #sshPort: number;
  #sshKey: string | undefined;
  readonly #connections = new Set<ApiConnection>();
  readonly #sockets = new Set<Duplex>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #certificates = 0;
  readonly #remoteLog: RemoteLog;
  #isOn = false;
  #isDisposed = false;

  constructor(router: SimRouter, options: HostOptions) {
    this.router = router;
    this.#options = options;
    this.#port = options.port;
    this.#tlsPort = options.tlsPort;
    this.#sshPort = options.sshPort;
    if (options.isGuarded) keepAtHand(router);
    router.onPower = (isUp) => void this.#follow(isUp);
    this.#remoteLog = new RemoteLog(router, options.address);
  }

  get index(): number {
    return this.router.spec.index;
  }
  get address(): string {
    return this.#options.address;
  }
  get port(): number {
    return this.#port;
  }
  /** 0 when the router has no api-ssl. */
  get tlsPort(): number {
    return this.#options.tls === "none" ? 0 : this.#tlsPort;
  }
  /** 0 when the router has no SSH service. */
  get sshPort(): number {
    return this.#options.hasSsh ? this.#sshPort : 0;
  }
  get tls(): TlsKind {
    return this.#options.tls;
  }
  get username(): string {
    return this.router.spec.users[0]!.name;
  }
  get password(): string {
    return this.router.spec.users[0]!.password;
  }
  get isOn(): boolean {
    return this.#isOn;
  }
  /** Logins, failed logins, connections and commands since the start. */
  get counts() {
    return this.router.counts;
  }
  /** Connections open now. */
  get openConnections(): number {
    return this.#connections.size;
  }

  /** What has to happen to its ports, one after the other. */
  #work: Promise<void> = Promise.resolve();

  /** Opens its ports, or closes them, as the router's power goes. */
  #follow(isUp: boolean): Promise<void> {
    return this.#work = this.#work.then(async () => {
      if (this.#isDisposed || isUp === this.#isOn) return;
      this.#isOn = isUp;
      if (!isUp) return await this.#stopListening();
      this.#dropSockets(); // those from before the cut: the new kernel knows nothing of them
      await this.#listen();
      this.router.tell("power");
    });
  }

  async powerOn(): Promise<void> {
    if (this.#isOn || this.#isDisposed) return;
    if (this.router.isUp) await this.#follow(true);
    else this.router.boot();
    await this.#work;
  }

  /** Pulls the plug: open connections fall silent, new ones are refused. */
  async powerOff(): Promise<void> {
    if (!this.#isOn) return;
    this.router.goDown("die");
    await this.#work;
  }

  /** Resolves when an anonymous api-ssl takes its next connection; at once for other kinds. */
  async tlsReady(): Promise<void> {
    await this.#anonymous?.ready();
  }

  /** Ends all connections, is gone for `bootMs`, then is back with counters from zero. */
  async reboot({ bootMs = this.router.spec.bootMs }: { bootMs?: number } = {}): Promise<void> {
    if (!this.#isOn || !this.router.isUp) return;
    await new Promise<void>((resolve) => {
      const watch = () => {
        if (!this.router.isUp) return;
        this.router.watchers.delete(watch);
        resolve();
      };
      this.router.reboot({ bootMs });
      this.router.watchers.add(watch);
    });
    await this.#work;
  }

  /** Turns a fault on; a second one of the same kind takes the place of the first. */
  async inject(fault: Fault): Promise<void> {
    await this.clear(fault.kind);
    this.router.inject(fault);
    if (fault.kind === "silent") {
      for (const connection of this.#connections) connection.die();
    }
    if (fault.kind === "refuse") {
      for (const connection of this.#connections) connection.close("reset");
      await this.#stopListening();
    }
  }

  /** Turns one kind of fault off, or all. What it broke on open connections stays broken. */
  async clear(kind?: FaultKind): Promise<void> {
    let wasRefusing = false;
    for (const fault of this.router.faults) {
      if (kind && fault.kind !== kind) continue;
      this.router.faults.delete(fault);
      wasRefusing ||= fault.kind === "refuse";
    }
    if (wasRefusing && this.#isOn) await this.#listen();
  }

  /** Closes all API connections, as a restart of the API service does. */
  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.close("reset");
  }

  setIdentity(name: string | Uint8Array): void {
    this.router.setIdentity(name);
  }

  /** Takes a link down (or up) and says so in the log. */
  setLink(name: string, isUp: boolean): void {
    this.router.setLink(name, isUp);
  }

  /** Down now, up again after `downMs`. */
  flapLink(name: string, downMs: number): void {
    this.setLink(name, false);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.setLink(name, true);
    }, downMs);
    this.#timers.add(timer);
  }

  /** Presents another certificate from the next handshake on. */
  async changeCertificate(): Promise<void> {
    this.#certificates++;
    const { port, tlsPort } = this;
    await this.#stopListening();
    [this.#port, this.#tlsPort] = [port, tlsPort];
    if (this.#isOn && !this.router.fault("refuse")) await this.#listen();
  }

  /** Presents another SSH host key from the next connection on. */
  async changeHostKey(): Promise<void> {
    this.#sshKey = hostKey(true);
    await this.#ssh?.[Symbol.asyncDispose]();
    this.#ssh = undefined;
    if (this.#isOn) await this.#listenSsh();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#isOn = false;
    this.router.dispose();
    await this.#remoteLog[Symbol.asyncDispose]();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const connection of [...this.#connections]) connection.close("reset");
    this.#dropSockets();
    await this.#stopListening();
  }

  // --- listening

  async #listen(): Promise<void> {
    const { address, tls } = this.#options;
    // Half-open so that a client that shuts its side down still gets its answers.
    this.#plain = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#accept(socket, "api");
    });
    this.#port = await open(this.#plain, address, this.#port);
    if (tls === "rsa") {
      const { key, cert } = await certificate(this.#certificateName());
      this.#secure = createTlsServer({ key, cert, noDelay: true }, (socket) => {
        this.#accept(socket as unknown as Socket, "api-ssl");
      });
      // A client that refuses our certificate ends the handshake: its business, not ours.
      this.#secure.on("tlsClientError", () => {});
      this.#tlsPort = await open(this.#secure, address, this.#tlsPort);
    } else if (tls === "anonymous") {
      this.#anonymous = new AnonymousTls(address, this.#tlsPort, (stream) => {
        this.#accept(stream, "api-ssl");
      });
      await this.#anonymous.ready();
    }
    await this.#listenSsh();
  }

  async #listenSsh(): Promise<void> {
    if (!this.#options.hasSsh) return;
    this.#ssh = new SshService(this.router, this.#sshKey ??= hostKey());
    this.#sshPort = await this.#ssh.listen(this.#options.address, this.#sshPort);
  }

  #certificateName(): string {
    if (this.#certificates > 0) return `changed ${this.#certificates}`;
    return this.#options.hasOwnCertificate ? `router ${this.index}` : "shared";
  }

  #accept(stream: Duplex, via: "api" | "api-ssl"): void {
    const socket = stream as Duplex & {
      remoteAddress?: string;
      setNoDelay?: (on: boolean) => void;
    };
    socket.setNoDelay?.(true);
    this.#sockets.add(stream);
    stream.once("close", () => this.#sockets.delete(stream));
    const visit = this.#options.isGuarded
      ? {
        from: MANAGER_ADDRESS,
        to: managementAddress(this.router),
        port: via === "api" ? 8728 : 8729,
      }
      : undefined;
    const verdict = visit ? admits(this.router, visit, "new") : "accept";
    // The kernel has taken the connection: silence is all that is left of a dropped packet.
    if (verdict === "silent") return void stream.resume();
    if (verdict !== "accept") return void stream.destroy();
    const connection = new ApiConnection(
      this.router,
      stream,
      socket.remoteAddress ?? "127.0.0.1",
      via,
      visit,
    );
    this.#connections.add(connection);
    connection.onClosed = () => this.#connections.delete(connection);
  }

  #dropSockets(): void {
    for (const socket of [...this.#sockets]) socket.destroy();
  }

  async #stopListening(): Promise<void> {
    const closing = [this.#plain, this.#secure].map((server) => {
      if (!server) return;
      // Resolves once the port is free; connections that are dead but open may stay.
      server.close();
    });
    await Promise.all(closing);
    this.#plain = this.#secure = undefined;
    const ssh = this.#ssh;
    this.#ssh = undefined;
    await ssh?.[Symbol.asyncDispose]();
    const anonymous = this.#anonymous;
    this.#anonymous = undefined;
    await anonymous?.[Symbol.asyncDispose]();
  }
}

/** @returns the port it listens on */
function open(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port, backlog: BACKLOG }, () => {
      server.off("error", reject);
      const bound = server.address();
      resolve(typeof bound === "object" && bound ? bound.port : port);
    });
  });
}
