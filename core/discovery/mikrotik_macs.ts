/** Beginnings of MAC addresses that the IEEE gave to MikroTik, under each of its names. */
export const MIKROTIK_PREFIXES: readonly string[] = [
  ...["00:0C:42", "04:F4:1C", "08:55:31", "18:FD:74", "2C:C8:1B", "38:32:7A", "48:8F:5A"],
  ...["48:A9:8A", "4C:5E:0C", "64:D1:54", "6C:3B:6B", "74:4D:28", "78:9A:18", "B8:69:F4"],
  ...["C4:AD:34", "CC:2D:E0", "D0:EA:11", "D4:01:C3", "D4:CA:6D", "DC:2C:6E", "E4:8D:8C"],
  "F4:1E:57",
];
