/** What a model is made of: what its menus hold follows from this and the version. */
export interface Board {
  readonly key: string;
  /** `/system/resource` board-name. */
  readonly name: string;
  readonly model: string;
  readonly architecture: string;
  readonly cpu: string;
  readonly cpuCount: number;
  readonly cpuMhz: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly firmwareType: string;
  readonly ethernet: number;
  readonly sfp: readonly string[];
  readonly radios: readonly ("2ghz" | "5ghz")[];
  /** The package that drives the radios under RouterOS 7. */
  readonly wifiPackage?: "wifi-qcom" | "wifi-qcom-ac";
  readonly poeOut: readonly string[];
  readonly psus: number;
  readonly fans: number;
  readonly hasVoltage: boolean;
  /** The oldest version this hardware runs. */
  readonly since: string;
  readonly isChr?: boolean;
  /** With little flash, only what is in `flash/` is there; all else is in memory. */
  readonly hasFlashFolder: boolean;
  /** Writes reach its NAND late. */
  readonly hasSlowFlash?: boolean;
}

const MIB = 1_048_576;
const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

const small = { sfp: [], radios: [], poeOut: [], psus: 0, fans: 0, hasVoltage: true } as const;

const LIST: readonly Omit<Board, "hasFlashFolder">[] = [
  {
    ...small,
    key: "hex",
    name: "hEX",
    model: "RB750Gr3",
    architecture: "mmips",
    cpu: "MIPS 1004Kc V2.15",
    cpuCount: 4,
    cpuMhz: 880,
    memoryBytes: 256 * MIB,
    diskBytes: 16 * MIB,
    firmwareType: "mt7621L",
    ethernet: 5,
    since: "6.36",
  },
  {
    ...small,
    key: "hap-ac2",
    name: "hAP ac^2",
    model: "RBD52G-5HacD2HnD",
    architecture: "arm",
    cpu: "ARM",
    cpuCount: 4,
    cpuMhz: 716,
    memoryBytes: 128 * MIB,
    diskBytes: 16 * MIB,
    firmwareType: "ipq4000L",
    ethernet: 5,
    radios: ["2ghz", "5ghz"],
    wifiPackage: "wifi-qcom-ac",
    hasVoltage: false,
    since: "6.42",
  },
  {
    ...small,
    key: "hap-ax3",
    name: "hAP ax^3",
    model: "C53UiG+5HPaxD2HPaxD",
    architecture: "arm64",
    cpu: "ARM64",
    cpuCount: 4,
    cpuMhz: 864,
    memoryBytes: 1_024 * MIB,
    diskBytes: 128 * MIB,
    firmwareType: "ipq6000",
    ethernet: 5,
    radios: ["5ghz", "2ghz"],
    wifiPackage: "wifi-qcom",
    poeOut: ["ether1"],
    since: "7.5",
  },
  {
    ...small,
    key: "cap-ax",
    name: "cAP ax",
    model: "cAPGi-5HaxD2HaxD",
    architecture: "arm64",
    cpu: "ARM64",
    cpuCount: 4,
    cpuMhz: 864,
    memoryBytes: 1_024 * MIB,
    diskBytes: 128 * MIB,
    firmwareType: "ipq6000",
    ethernet: 2,
    radios: ["5ghz", "2ghz"],
    wifiPackage: "wifi-qcom",
    poeOut: ["ether2"],
    since: "7.5",
  },
  {
    ...small,
    key: "rb4011",
    hasSlowFlash: true,
    name: "RB4011iGS+",
    model: "RB4011iGS+",
    architecture: "arm",
    cpu: "ARM",
    cpuCount: 4,
    cpuMhz: 1_400,
    memoryBytes: 1_024 * MIB,
    diskBytes: 512 * MIB,
    firmwareType: "al2",
    ethernet: 10,
    sfp: ["sfp-sfpplus1"],
    poeOut: ["ether10"],
    since: "6.43",
  },
  {
    ...small,
    key: "rb5009",
    name: "RB5009UG+S+",
    model: "RB5009UG+S+",
    architecture: "arm64",
    cpu: "ARM64",
    cpuCount: 4,
    cpuMhz: 1_400,
    memoryBytes: 1_024 * MIB,
    diskBytes: 1_024 * MIB,
    firmwareType: "70x0",
    ethernet: 8,
    sfp: ["sfp-sfpplus1"],
    since: "7.0",
  },
  {
    ...small,
    key: "ccr2004",
    hasSlowFlash: true,
    name: "CCR2004-1G-12S+2XS",
    model: "CCR2004-1G-12S+2XS",
    architecture: "arm64",
    cpu: "ARM64",
    cpuCount: 4,
    cpuMhz: 1_700,
    memoryBytes: 4_096 * MIB,
    diskBytes: 128 * MIB,
    firmwareType: "al64v2",
    ethernet: 1,
    sfp: [...numbered("sfp-sfpplus", 12), "sfp28-1", "sfp28-2"],
    psus: 2,
    fans: 4,
    hasVoltage: false,
    since: "6.47",
  },
  {
    ...small,
    key: "crs328",
    name: "CRS328-24P-4S+",
    model: "CRS328-24P-4S+",
    architecture: "arm",
    cpu: "ARMv7",
    cpuCount: 1,
    cpuMhz: 800,
    memoryBytes: 512 * MIB,
    diskBytes: 16 * MIB,
    firmwareType: "dx3230L",
    ethernet: 24,
    sfp: numbered("sfp-sfpplus", 4),
    poeOut: numbered("ether", 24),
    psus: 1,
    fans: 2,
    since: "6.42",
  },
  {
    ...small,
    key: "chr",
    name: "CHR QEMU Standard PC (i440FX + PIIX, 1996)",
    model: "",
    architecture: "x86_64",
    cpu: "AMD",
    cpuCount: 2,
    cpuMhz: 2_445,
    memoryBytes: 1_024 * MIB,
    diskBytes: 128 * MIB,
    firmwareType: "",
    ethernet: 3,
    hasVoltage: false,
    since: "6.34",
    isChr: true,
  },
];

export const BOARDS: ReadonlyMap<string, Board> = new Map(
  LIST.map((board) => [board.key, { ...board, hasFlashFolder: board.diskBytes === 16 * MIB }]),
);

/** @throws {RangeError} on a key that is not in {@linkcode BOARDS} */
export function boardOf(key: string): Board {
  const board = BOARDS.get(key);
  if (board) return board;
  throw new RangeError(
    `Cannot simulate as board must be one of ${[...BOARDS.keys()]}: current value is ${key}`,
  );
}
