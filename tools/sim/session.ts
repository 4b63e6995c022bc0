import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Account } from "./accounts.ts";
import { admits, isFrom, type Visit } from "./admission.ts";
import { doneWith, execute, type Outcome } from "./command.ts";
import type { Row } from "./live.ts";
import type { Actor } from "./menu.ts";
import { PowerGone } from "./moments.ts";
import { parseRequest, type Request } from "./request.ts";
import type { ActiveSession, Peer, RouterChange, SimRouter } from "./router.ts";
import { run } from "./tasks.ts";
import { rowWords, Template } from "./template.ts";
import { Trap } from "./trap.ts";
import { encodeSentence, MAX_WORD_BYTES, SentenceReader } from "./wire.ts";

/** Before login a peer may send little: sentences, and bytes in one. */
const BEFORE_LOGIN = { sentences: 20, bytes: 4_096 } as const;
/** Streams open at a time on one connection. */
const MAX_STREAMS = 64;

/** One connection to a router's API, from accept to close. */
export class ApiConnection implements Peer {
  readonly #router: SimRouter;
  readonly #stream: Duplex;
  readonly #address: string;
  readonly #via: "api" | "api-ssl";
  readonly #reader = new SentenceReader(BEFORE_LOGIN.bytes);
  readonly #streams = new Map<string, () => void>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #session: ActiveSession | undefined;
  #actor: Actor | undefined;
  /** Where it comes from and goes to, on a router whose firewall counts. */
  readonly #visit: Visit | undefined;
  #challenge = "";
  #sentences = 0;
  #commands = 0;
  /** Power is gone, or the answer hangs: the socket is open and nobody is there. */
  #isDead = false;
  #isClosed = false;

  constructor(
    router: SimRouter,
    stream: Duplex,
    address: string,
    via: "api" | "api-ssl",
    visit?: Visit,
  ) {
    this.#router = router;
    this.#visit = visit;
    this.#stream = stream;
    this.#address = address;
    this.#via = via;
    router.counts.connections++;
    router.peers.add(this);
    router.tell("connection");
    stream.on("data", (chunk) => this.#read(chunk));
    stream.on("end", () => this.close());
    stream.on("error", () => this.close());
    stream.on("close", () => this.close());
    if (router.fault("silent")) this.#isDead = true;
  }

  /** Nothing more is said, and the peer is not told: a power cut. */
  die(): void {
    this.#isDead = true;
    this.#router.peers.delete(this);
    this.#stopAll();
    this.#leave();
  }

  /** The link is gone; the router believes in the session until TCP gives up. */
  cut(): void {
    this.#isDead = true;
    this.#router.peers.delete(this);
    this.#stopAll();
    if (this.#session) this.#router.linger(this.#session);
    this.#session = this.#actor = undefined;
  }

  close(how: "end" | "reset" = "end"): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#router.peers.delete(this);
    this.#stopAll();
    this.#leave();
    const socket = this.#stream as Duplex & { resetAndDestroy?: () => void };
    if (how === "reset" && socket.resetAndDestroy) socket.resetAndDestroy();
    else if (how === "reset") socket.destroy();
    else this.#stream.end(() => this.#stream.destroy());
    this.onClosed?.();
    this.#router.tell("closed");
  }

  onClosed: (() => void) | undefined;

  #leave(): void {
    if (this.#session) this.#router.logOut(this.#session);
    this.#session = this.#actor = undefined;
  }

  #stopAll(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const stop of [...this.#streams.values()]) stop();
    this.#streams.clear();
  }

  #read(chunk: Uint8Array): void {
    if (this.#isDead || this.#isClosed) return;
    // Packets that the router's own configuration now keeps out are simply not there.
    if (this.#visit && admits(this.#router, this.#visit, "established") !== "accept") return;
    try {
      for (const words of this.#reader.push(chunk as never)) {
        if (this.#isDead || this.#isClosed) return;
        this.#take(words);
      }
    } catch {
      this.close("reset");
    }
  }

  #take(words: string[]): void {
    const request = parseRequest(words);
    if (this.#session) return this.#afterLogin(request);
    if (++this.#sentences > BEFORE_LOGIN.sentences) return this.close();
    if (request.command === "/login") return this.#login(request);
    this.#fatal("not logged in");
  }

  // --- login

  #login(request: Request): void {
    const { attributes } = request;
    const { version } = this.#router;
    const name = attributes.get("name");
    const response = attributes.get("response");
    if (version.hasChallengeLogin && response === undefined) {
      this.#challenge = randomBytes(16).toString("hex");
      return this.#send(doneWith(this.#router, this.#challenge), request);
    }
    const user = this.#router.account(name ?? "");
    const from = this.#visit?.from ?? this.#address;
    const isRight = user !== undefined && !this.#router.fault("wrong-password") &&
      user.policies.has("api") && isFrom(from, user.addresses) &&
      (version.hasChallengeLogin
        ? response === this.#responseOf(user)
        : attributes.get("password") === Buffer.from(user.password, "utf8").toString("latin1"));
    if (!isRight) {
      this.#router.refuseLogin(name ?? "", this.#address);
      this.#send(this.#trap(new Trap("invalid user name or password (6)")), request);
      return this.#router.tell("refused");
    }
    const limit = this.#router.fault("max-sessions")?.limit ?? this.#router.spec.maxSessions;
    if (this.#router.active.size >= limit) return this.#fatal("too many sessions");
    this.#session = this.#router.logIn(user, from, this.#via);
    this.#actor = {
      name: user.name,
      policies: user.policies,
      holder: this.#session,
      hangUp: () => this.close(),
    };
    this.#reader.maxSentenceBytes = MAX_WORD_BYTES;
    this.#send(doneWith(this.#router), request);
    this.#router.tell("login");
  }

  #responseOf(user: Account): string {
    const digest = createHash("md5").update(Buffer.of(0)).update(user.password, "utf8")
      .update(Buffer.from(this.#challenge, "hex")).digest("hex");
    return `00${digest}`;
  }

  // --- commands

  #afterLogin(request: Request): void {
    const { command, tag } = request;
    this.#router.counts.commands++;
    this.#commands++;
    this.#router.tell("command");
    if (this.#router.faults.size > 0 && this.#misbehave(request)) return;
    if (command === "/quit") {
      // Leaving in good order keeps what safe mode held.
      if (this.#router.history.owner === this.#session) this.#router.history.release();
      return this.#fatal("session terminated on request");
    }
    if (command === "/login") return this.#send(doneWith(this.#router), request);
    if (command === "/cancel") return this.#cancel(request);
    try {
      const outcome = execute(this.#router, request, this.#actor!);
      if (outcome.kind === "answer") return this.#send(outcome.template, request);
      if (outcome.kind === "task") return this.#work(request, outcome.task);
      if (this.#streams.size >= MAX_STREAMS) throw new Trap("too many open commands", 5);
      if (this.#streams.has(tag ?? "")) throw new Trap("tag already in use", 5);
      if (outcome.kind === "periodic") return this.#repeat(request, outcome);
      return this.#follow(request, outcome.menu.path, outcome.first);
    } catch (error) {
      this.#failed(error, request);
    }
  }

  #work(request: Request, task: Extract<Outcome, { kind: "task" }>["task"]): void {
    run(this.#router, task, (error, ret) => {
      if (error !== undefined) this.#failed(error, request);
      else this.#send(doneWith(this.#router, ret), request);
    });
  }

  #failed(error: unknown, request: Request): void {
    if (error instanceof PowerGone) return;
    if (!(error instanceof Trap)) throw error;
    this.#send(this.#trap(error), request);
  }

  /** Rows every so often, most with their round's `.section`, until cancelled or `rounds` are done. */
  #repeat(
    { tag }: Request,
    { rows, everyMs, rounds, hasSections = true }: Extract<Outcome, { kind: "periodic" }>,
  ): void {
    let section = 0;
    const round = () => {
      if (this.#router.fault("mute")) return;
      const list = rows(section).map((row) =>
        rowWords(hasSections ? { ...row, ".section": String(section) } : row)
      );
      this.#write(new Template(list, this.#router.spec.tagPlace).fill(tag, this.#router.now()));
      if (++section < rounds) return;
      stop();
      this.#streams.delete(tag ?? "");
      this.#write(doneWith(this.#router).fill(tag, 0));
    };
    const timer = setInterval(round, everyMs);
    const stop = () => clearInterval(timer);
    this.#streams.set(tag ?? "", stop);
    round();
  }

  #follow({ tag }: Request, path: string, first: Row[]): void {
    const send = (rows: Row[]) =>
      this.#write(
        new Template(rows.map(rowWords), this.#router.spec.tagPlace).fill(tag, this.#router.now()),
      );
    if (first.length > 0) send(first);
    const listener = (change: RouterChange) => {
      if (change.path !== path) return;
      send([change.kind === "removed" ? { ".id": change.id, ".dead": "yes" } : change.row]);
    };
    this.#router.listeners.add(listener);
    this.#streams.set(tag ?? "", () => this.#router.listeners.delete(listener));
  }

  #cancel(request: Request): void {
    const wanted = request.attributes.get("tag");
    const tags = wanted === undefined ? [...this.#streams.keys()] : [wanted];
    const interrupted = this.#trap(new Trap("interrupted", 2));
    for (const tag of tags) {
      const stop = this.#streams.get(tag);
      if (!stop) continue;
      stop();
      this.#streams.delete(tag);
      this.#router.counts.cancelled++;
      this.#write(interrupted.fill(tag === "" ? undefined : tag, 0));
    }
    this.#send(doneWith(this.#router), request);
  }

  /** @returns true when a fault took the place of the answer */
  #misbehave(request: Request): boolean {
    const router = this.#router;
    const fatal = router.fault("fatal");
    if (fatal && this.#commands === fatal.nth) {
      this.#fatal(fatal.reason ?? "internal error");
      return true;
    }
    if (router.fault("hang-command")?.command === request.command) return true;
    const applies = (command: string | undefined) => !command || command === request.command;
    const reset = router.fault("reset");
    if (reset && applies(reset.command)) {
      this.close("reset");
      return true;
    }
    const hang = router.fault("hang");
    if (hang && applies(hang.command)) {
      const whole = encodeSentence(["!re", "=name=half-an-answer", "=type=ether"]);
      this.#stream.write(whole.subarray(0, whole.length - 9));
      this.die();
      return true;
    }
    return false;
  }

  // --- output

  #trap(trap: Trap): Template {
    return new Template([trap.words, ["!done"]], this.#router.spec.tagPlace);
  }

  #fatal(reason: string): void {
    this.#write(encodeSentence(["!fatal", reason]));
    this.close();
  }

  #send(template: Template, { tag }: Request): void {
    const delayMs = this.#router.fault("slow")?.delayMs;
    if (!delayMs) return this.#write(template.fill(tag, this.#router.now()));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#write(template.fill(tag, this.#router.now()));
    }, delayMs);
    this.#timers.add(timer);
  }

  /** A client that does not read is not read from either. */
  #write(bytes: Uint8Array): void {
    if (this.#isDead || this.#isClosed || bytes.length === 0) return;
    if (this.#stream.write(bytes) || this.#stream.isPaused()) return;
    this.#stream.pause();
    this.#stream.once("drain", () => this.#stream.resume());
  }
}
