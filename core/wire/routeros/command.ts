import { encodeSentence } from "./encode.ts";

/** What goes with a command. */
export interface CommandOptions {
  /** `=name=value` words. Bytes are sent as they are: see {@linkcode rawValueOf}. */
  readonly attributes?: Readonly<Record<string, string | Uint8Array>>;
  /** Arguments without value: count-only, once, detail, follow, stats … */
  readonly flags?: readonly string[];
  /** Query words of print without their question mark, in order: `type=ether`, `>mtu=1500`, `#|!`. */
  readonly queries?: readonly string[];
  /** Names of the wanted properties. Leave it out on registration tables: some builds drop rows. */
  readonly proplist?: readonly string[];
  /** From the call to the end of the answer, queueing included. Default: the session's. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is asked; deadline and signal belong to the one time it is. */
export type CommandWords = Omit<CommandOptions, "deadlineMs" | "signal">;

/** A command that is asked again and again: encoded once, but for its tag. */
export class PreparedCommand {
  readonly #head: Uint8Array;

  /** @throws {TypeError} on a command that is no path or a name the wire cannot carry */
  constructor(readonly command: string, words: CommandWords = {}) {
    const sentence = encodeSentence(wordsOf(command, words));
    this.#head = sentence.subarray(0, sentence.length - 1);
  }

  /** The sentence under `tag`, which is short ASCII. */
  encode(tag: string): Uint8Array {
    const head = this.#head;
    const sentence = new Uint8Array(head.length + 1 + TAG.length + tag.length + 1);
    sentence.set(head);
    let at = head.length;
    sentence[at++] = TAG.length + tag.length;
    for (let i = 0; i < TAG.length; i++) sentence[at++] = TAG.charCodeAt(i);
    for (let i = 0; i < tag.length; i++) sentence[at++] = tag.charCodeAt(i);
    return sentence;
  }
}

const TAG = ".tag=";

/**
 * The sentence of a command.
 *
 * @throws {TypeError} on a command that is no path or a name the wire cannot carry
 */
export function encodeCommand(command: string, options: CommandWords, tag: string): Uint8Array {
  return encodeSentence([...wordsOf(command, options), TAG + tag]);
}

function wordsOf(command: string, options: CommandWords): (string | Uint8Array)[] {
  if (!command.startsWith("/") || command.length < 2) {
    throw new TypeError(
      `Cannot run a command as it must be a path such as /ip/address/print: current value is "${command}"`,
    );
  }
  const words: (string | Uint8Array)[] = [command];
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    checkName(name);
    words.push(typeof value === "string" ? `=${name}=${value}` : joinBytes(`=${name}=`, value));
  }
  for (const flag of options.flags ?? []) {
    checkName(flag);
    words.push(`=${flag}=`);
  }
  if (options.proplist) words.push(`=.proplist=${options.proplist.join(",")}`);
  for (const query of options.queries ?? []) words.push(`?${query}`);
  return words;
}

function checkName(name: string): void {
  if (name === "" || name.includes("=")) {
    throw new TypeError(
      `Cannot send an attribute as its name must be non-empty and free of "=": current value is "${name}"`,
    );
  }
}

function joinBytes(prefix: string, value: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(prefix);
  const word = new Uint8Array(head.length + value.length);
  word.set(head);
  word.set(value, head.length);
  return word;
}
