/** `null`: written as `!name`, the attribute is not set. */
export interface Attribute {
  readonly name: string;
  readonly value: string | null;
}

/**
 * Which item a command is about: by what it finds (`[ find default-name=ether1 ]`), by name, number or
 * internal id (`set telnet …`, `set 0 …`, `set *3 …`), or `null` where the menu has one item alone.
 */
export type Selector =
  | { readonly kind: "find"; readonly where: readonly Attribute[] }
  | { readonly kind: "item"; readonly item: string };

/** One command of an export. */
export interface ExportEntry {
  /** With slashes: `/ip/firewall/filter`. */
  readonly menu: string;
  /** `add`, `set`; scripts may hold others. */
  readonly command: string;
  readonly selector: Selector | null;
  readonly attributes: readonly Attribute[];
  /** Remarks of the router right above it, each without `# `. They come and go with its state. */
  readonly remarks: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** What the comment on top says; `null` where it says nothing. */
export interface ExportHeader {
  readonly version: string | null;
  readonly softwareId: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
}

/** A line that could not be taken as configuration. */
export interface ExportProblem {
  readonly line: number;
  readonly text: string;
  readonly reason: "cut" | "no_menu" | "unreadable" | "script";
}

export interface RouterosExport {
  readonly header: ExportHeader;
  readonly entries: readonly ExportEntry[];
  /** Menus that the router could not export (`#error exporting`): the rest is no whole configuration. */
  readonly failedMenus: readonly string[];
  readonly problems: readonly ExportProblem[];
}
