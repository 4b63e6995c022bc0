/** A command the router declines: the words of its `!trap`. */
export class Trap extends Error {
  /** @param category 0 missing item or command, 1 argument value, 2 interrupted, 4 general */
  constructor(message: string, readonly category?: number) {
    super(message);
  }
  #isPlaced = false;

  /** Whether it says where in a script it happened. */
  get isPlaced(): boolean {
    return this.#isPlaced;
  }

  /** Says where in a script it happened, as version 7 does. */
  place(command: string, line: number, isSeven: boolean): void {
    this.#isPlaced = true;
    if (isSeven) this.message += ` (${command}; line ${line})`;
  }

  get words(): string[] {
    return [
      "!trap",
      ...(this.category === undefined ? [] : [`=category=${this.category}`]),
      `=message=${this.message}`,
    ];
  }
}

export const noSuchCommand = () => new Trap("no such command", 0);
export const noSuchPrefix = () => new Trap("no such command prefix", 0);
export const noSuchItem = () => new Trap("no such item", 0);
export const unknownParameter = (name: string) => new Trap(`unknown parameter ${name}`);
export const notPermitted = () => new Trap("not enough permissions (9)");
