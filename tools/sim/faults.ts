/** When something happens: at the `nth` (from 1) command that begins with `command`. */
export interface Moment {
  /** The command of the API (`/system/backup/load`), or its beginning (`/ip/`); any, if not told. */
  readonly command?: string;
  readonly nth?: number;
  /** Before the command did anything, or after it did and before its answer. */
  readonly when: "before" | "after";
}

/** What can be wrong with a router for as long as the fault is on. */
export type Fault =
  /** The port answers connections with a reset. */
  | { kind: "refuse" }
  /** Connections are accepted, then nothing ever comes. */
  | { kind: "silent" }
  /** Half of the answer, then nothing more on that connection. */
  | { kind: "hang"; command?: string }
  /** No answer to this command; others work. */
  | { kind: "hang-command"; command: string }
  /** No user has the policy that tools need. */
  | { kind: "no-test-policy" }
  /** Running streams tell no more rows; nothing else is wrong. */
  | { kind: "mute" }
  /** The connection is reset instead of an answer. */
  | { kind: "reset"; command?: string }
  /** Every answer comes this much later. */
  | { kind: "slow"; delayMs: number }
  /** Logins are refused. */
  | { kind: "wrong-password" }
  /** The nth command of a connection (1 is the first after login) is answered with `!fatal`. */
  | { kind: "fatal"; nth: number; reason?: string }
  /** Logins beyond this many open sessions are turned away. */
  | { kind: "max-sessions"; limit: number }
  /** `/export` says that it could not export this menu, and goes on. */
  | { kind: "export-partial"; menu: string }
  /** `/export` over SSH ends after so many bytes, as if all was well. */
  | { kind: "export-cut"; bytes: number }
  /** The SSH server does not answer commands. */
  | { kind: "ssh-hang" }
  /** No room for files, or only so much. */
  | { kind: "flash-full"; freeBytes?: number }
  /** A saved backup has no bytes. */
  | { kind: "backup-empty" }
  /** Files over SFTP end after so many bytes, as if all was well. */
  | { kind: "sftp-cut"; bytes: number }
  /** The SSH service has no SFTP. */
  | { kind: "sftp-refused" }
  /** Device-mode forbids the scheduler: jobs can be added, and never run. */
  | { kind: "scheduler-inactivated" }
  /** A reboot takes back what safe mode holds; without this it stays as it was written. */
  | { kind: "safe-mode-lost-on-reboot" }
  /** A command is declined so many times (1), from the `nth` (1) of its kind on. */
  | { kind: "refuse-command"; command: string; nth?: number; times?: number; message?: string }
  | OnceFault;

/** What happens once, at a moment, on whatever way the command comes. */
export type OnceFault =
  /** Open connections are lost; with `forMs` new ones get no answer for so long. */
  | { kind: "link-lost"; at: Moment; how: "silent" | "reset"; forMs?: number }
  | { kind: "reboots"; at: Moment; bootMs?: number }
  | { kind: "power-loss"; at: Moment; offMs?: number }
  /** The clock jumps, as NTP makes it; at once when no moment is told. */
  | { kind: "clock-jump"; at?: Moment; byMs: number }
  /** Somebody else ends our safe mode, keeping the changes. */
  | { kind: "safe-mode-released"; at: Moment }
  /** Somebody else takes safe mode, ours if we have it, and releases it after `forMs` (5 minutes). */
  | { kind: "safe-mode-taken"; at: Moment; forMs?: number };

export type FaultKind = Fault["kind"];

export function hasFault<Kind extends FaultKind>(
  faults: ReadonlySet<Fault>,
  kind: Kind,
): Extract<Fault, { kind: Kind }> | undefined {
  for (const fault of faults) {
    if (fault.kind === kind) return fault as Extract<Fault, { kind: Kind }>;
  }
  return undefined;
}
