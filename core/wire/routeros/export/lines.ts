/** A line of the script after its continuations were joined. */
export interface LogicalLine {
  text: string;
  /** Of its first part, from 1. */
  line: number;
  /** The text ended within it: the last thing read was `\` and no line came after. */
  isCut: boolean;
}

/**
 * Joins lines that end with `\` to the one below, whose indentation is dropped: RouterOS breaks long
 * lines anywhere, also within quotes, and writes a space that would be lost there as `\_`.
 */
export function* logicalLines(text: string): Generator<LogicalLine> {
  const lines = text.split(/\r\n|\n|\r/);
  for (let at = 0; at < lines.length;) {
    const line = at + 1;
    let joined = lines[at++]!;
    // A comment goes to the end of its line, whatever stands there.
    if (!joined.trimStart().startsWith("#")) {
      while (isContinued(joined) && at < lines.length) {
        joined = joined.slice(0, -1) + lines[at++]!.replace(/^[ \t]+/, "");
      }
    }
    yield { text: joined, line, isCut: isContinued(joined) && !joined.trimStart().startsWith("#") };
  }
}

/** An odd number of backslashes at the end: an even one is escaped backslashes. */
function isContinued(line: string): boolean {
  const slashes = /\\+$/.exec(line)?.[0].length ?? 0;
  return slashes % 2 === 1;
}
