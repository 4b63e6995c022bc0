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
  | { kind: "ssh-hang" };

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
