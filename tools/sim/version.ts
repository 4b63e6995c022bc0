/** A RouterOS version and what follows from it alone. */
export class Version {
  readonly numbers: readonly [number, number, number];
  constructor(readonly text: string) {
    const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match) {
      throw new RangeError(
        `Cannot simulate as version must look like 7.18.2: current value is ${text}`,
      );
    }
    this.numbers = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  }

  get major(): number {
    return this.numbers[0];
  }

  /** True when this is `text` or newer. */
  atLeast(text: string): boolean {
    const other = new Version(text).numbers;
    for (let i = 0; i < 3; i++) {
      if (this.numbers[i]! !== other[i]!) return this.numbers[i]! > other[i]!;
    }
    return true;
  }

  /** Before 6.43 the password never crosses the wire: MD5 over a challenge. */
  get hasChallengeLogin(): boolean {
    return !this.atLeast("6.43");
  }

  /** `!empty` before `!done` when a print finds nothing: 7.18 and later. */
  get saysEmpty(): boolean {
    return this.atLeast("7.18");
  }

  get hasIsoDates(): boolean {
    return this.atLeast("7.10");
  }
}
