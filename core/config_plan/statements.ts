/** One command of a script, its continuations joined. */
export interface Statement {
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** A quote or bracket is still open, or the text ended within it. */
  readonly isCut: boolean;
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" };

/**
 * Cuts a script at line ends and semicolons that stand outside quotes and brackets, so that a block
 * (`:if (…) do={ … }`) stays in one piece however many lines it has. Comments are left out.
 */
export function* statements(text: string): Generator<Statement> {
  const source = text.replace(/^\ufeff/, "").replaceAll(/\r\n?/g, "\n");
  let [line, start, statement] = [1, 1, ""];
  const open: string[] = [];
  let [isQuoted, isBlank] = [false, true];
  const end = (isCut: boolean): Statement | undefined => {
    const whole = statement.trim();
    [statement, isBlank] = ["", true];
    return whole === "" ? undefined : { text: whole, line: start, isCut };
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!;
    if (isBlank) start = line;
    if (char === "\\") {
      const next = source[at + 1];
      if (next === "\n") {
        // The rest of the command stands on the next line, whose indentation does not count.
        line += 1;
        at += 1;
        while (source[at + 1] === " " || source[at + 1] === "\t") at += 1;
      } else {
        statement += char + (next ?? "");
        isBlank = false;
        at += 1;
      }
      continue;
    }
    if (char === "\n") line += 1;
    if (isQuoted) isQuoted = char !== '"';
    else if (char === "#" && (isBlank || (open.length > 0 && /[\n;{]\s*$/.test(statement)))) {
      while (at + 1 < source.length && source[at + 1] !== "\n") at += 1;
      continue;
    } else if (char === '"') isQuoted = true;
    else if (char in CLOSING) open.push(CLOSING[char]!);
    else if (char === open.at(-1)) open.pop();
    else if ((char === "\n" || char === ";") && open.length === 0) {
      const done = end(false);
      if (done) yield done;
      continue;
    }
    statement += char;
    isBlank &&= /\s/.test(char);
  }
  const last = end(isQuoted || open.length > 0 || /(?:^|[^\\])(?:\\\\)*\\$/.test(source.trimEnd()));
  if (last) yield last;
}
