export { BadFraming, MAX_LINE_BYTES, SyslogFrames } from "./frames.ts";
export { type SyslogLine, topicsOf } from "./line.ts";
export { parseSyslog } from "./parse_syslog.ts";
