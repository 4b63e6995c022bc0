interface Process {
  pid: number;
  name: string;
}

const TICKS_PER_SECOND = 100; // USER_HZ, which Linux fixes for /proc

/** CPU seconds that the processes chosen have used so far; Linux only. */
export function cpuSeconds(isWanted: (process: Process) => boolean): number {
  let ticks = 0;
  for (const { name: entry } of Deno.readDirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    let stat: string;
    try {
      stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    } catch {
      continue; // it ended meanwhile
    }
    // The name stands in parentheses and may hold anything, blanks too.
    const close = stat.lastIndexOf(")");
    const name = stat.slice(stat.indexOf("(") + 1, close);
    if (!isWanted({ pid, name })) continue;
    const fields = stat.slice(close + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}
