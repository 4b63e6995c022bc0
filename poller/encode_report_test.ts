import { equal, ok } from "node:assert/strict";
import { type ClientReading, DeviceSample, MAX_CLIENTS } from "@/core/contract/sample.ts";
import { makeInterface, makeSample } from "@/tests/support/samples.ts";
import { encodeReport, MAX_REPORT_BYTES } from "./encode_report.ts";

const ID = "00000000-0000-4000-8000-000000000001";
const decode = (data: Uint8Array) => DeviceSample.parse(JSON.parse(new TextDecoder().decode(data)));

/** As long as a row can be, in characters of three bytes. */
function client(at: number, name: string): ClientReading {
  const tail = at.toString(16).padStart(4, "0").toUpperCase();
  return {
    macAddress: `02:00:00:00:${tail.slice(0, 2)}:${tail.slice(2)}`,
    addresses: [`10.0.${at >> 8}.${at & 255}`],
    ...{ interface: "bridge", port: "ether2", hostName: name, isHere: true },
  };
}

Deno.test("encodeReport() sends a sample of thousands of clients whole where it fits", () => {
  const clients = Array.from({ length: MAX_CLIENTS }, (_, at) => client(at, `pc-${at}`));
  const sample = makeSample(ID, 0, { clients: { clients, isCut: false } });
  const data = encodeReport(sample);
  ok(data.length < MAX_REPORT_BYTES, `${data.length} bytes`);
  equal(decode(data).clients!.clients.length, MAX_CLIENTS);
  equal(decode(data).clients!.isCut, false);
});

Deno.test("encodeReport() cuts the longest lists of a sample that no message carries, and says so", () => {
  const clients = Array.from({ length: MAX_CLIENTS }, (_, at) => client(at, "ю".repeat(255)));
  const interfaces = Array.from({ length: 3_000 }, (_, at) => makeInterface(`pppoe-${at}`, 1));
  const data = encodeReport(
    makeSample(ID, 0, { clients: { clients, isCut: false }, interfaces }),
  );
  ok(data.length <= MAX_REPORT_BYTES, `${data.length} bytes`);
  const sample = decode(data);
  ok(sample.clients!.isCut);
  ok(sample.clients!.clients.length >= 500, `${sample.clients!.clients.length} clients`);
  ok(sample.interfaces!.length >= 750, `${sample.interfaces!.length} interfaces`);
  equal(
    sample.collectors.map(({ name, outcome }) => `${name} ${outcome}`).sort().join(),
    "clients failed,interfaces failed",
  );
});
