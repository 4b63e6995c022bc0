import { Trap } from "../trap.ts";

/** A value to be worked out. */
export type Node =
  | { readonly kind: "text"; readonly value: string; readonly isQuoted: boolean }
  | { readonly kind: "join"; readonly parts: readonly Node[] }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "call"; readonly body: readonly Statement[] }
  | { readonly kind: "code"; readonly body: readonly Statement[] }
  | { readonly kind: "list"; readonly items: readonly Node[] }
  | { readonly kind: "not"; readonly of: Node }
  | { readonly kind: "binary"; readonly op: string; readonly left: Node; readonly right: Node }
  /** A property of the item under test, in `where`. */
  | { readonly kind: "property"; readonly name: string };

export interface Argument {
  /** `undefined`: known by its place. */
  readonly name: string | undefined;
  /** `undefined`: a flag. */
  readonly value: Node | undefined;
  /** `!name`: takes the property away. */
  readonly isUnset?: boolean;
}

export type Statement =
  | {
    readonly kind: "command";
    readonly menu: string;
    readonly verb: string;
    readonly args: readonly Argument[];
    readonly where: Node | undefined;
    readonly line: number;
  }
  | {
    readonly kind: "global";
    readonly name: string;
    readonly args: readonly Argument[];
    readonly line: number;
  }
  | { readonly kind: "block"; readonly body: readonly Statement[] }
  | { readonly kind: "value"; readonly value: Node };

/** A text that is no script: nothing of it runs. */
export class SyntaxTrap extends Trap {
  constructor(message: string, readonly line: number, readonly column: number) {
    super(`${message} (line ${line} column ${column})`);
  }
}

/** What a command of a menu takes; `undefined`: the menu has no such command. */
export interface Commands {
  isPath(path: string): boolean;
  /** Names of the arguments, or `undefined` when there is no such verb. */
  argumentsOf(menu: string, verb: string): ReadonlySet<string> | undefined;
  /** Names of the arguments that may stand without their name, in order. */
  placesOf(menu: string, verb: string): readonly string[];
}
