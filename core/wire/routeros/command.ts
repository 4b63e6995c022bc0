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

/**
 * The sentence of a command.
 *
 * @throws {TypeError} on a command that is no path or a name the wire cannot carry
 */
export function encodeCommand(command: string, options: CommandOptions, tag: string): Uint8Array {
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
  words.push(`.tag=${tag}`);
  return encodeSentence(words);
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
