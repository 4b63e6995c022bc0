import { deepEqual, equal, match, ok } from "node:assert/strict";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import { subjects } from "@/core/subjects.ts";
import { insertDevice } from "./support/devices.ts";
import { everything } from "./support/full_sample.ts";
import { makeSample } from "./support/samples.ts";
import { openSignedIn } from "./support/signed_in.ts";

const MINUTE = 60_000;

Deno.test({
  name: "charts: range and interfaces in the address, live growth, files, comparison",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openSignedIn();
    const { db, acme, platform } = test;
    const now = Date.now();
    await ensureMetricPartitions(db, now - 86_400_000, now + 86_400_000);
    const previous = new PreviousReadings();
    const write = async (id: string, minutes: number[], cpuOf: (minute: number) => number) => {
      const reports = minutes.map((minute) => {
        const at = now - (90 - minute) * MINUTE;
        const system = { cpuPercent: cpuOf(minute), uptimeSeconds: 1e6 + minute * 60 };
        const report = makeSample(id, at, { ...everything(minute), system } as never);
        return { tenantId: acme, report, atMs: at };
      });
      return await writeReports({ db, previous, nowMs: now + MINUTE }, acme, reports);
    };
    const one = await insertDevice(test, acme, {
      name: "Tower <b>1</b>",
      poll_interval_seconds: 60,
    });
    const two = await insertDevice(test, acme, { name: "=Tower 2", poll_interval_seconds: 60 });
    const minutes = Array.from({ length: 90 }, (_, i) => i);
    // Half an hour of silence.
    const spoken = minutes.filter((minute) => minute < 40 || minute >= 60);
    await write(one, spoken, (minute) => 20 + 15 * Math.sin(minute / 5));
    await write(two, minutes, (minute) => 60 + 10 * Math.cos(minute / 7));

    const tab = await test.open("operator", { viewport: { width: 1_440, height: 900 } });
    const { page } = tab;
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const figure = (name: string) => page.getByRole("figure", { name, exact: true });
    const drawn = async (name: string) => {
      await figure(name).scrollIntoViewIfNeeded();
      await figure(name).locator("canvas").waitFor();
    };
    const line = (chart: string, name: string) =>
      figure(chart).getByRole("button", { name: new RegExp(`^${name}`) });

    await open(`/devices/${one}/charts?range=6h`);
    await drawn("CPU");
    for (
      const chart of [
        ...["Disk", "DHCP leases", "Traffic", "Use of the link", "Packets", "Errors and drops"],
        ...["Signal of the clients", "CCQ", "Temperature", "Fans", "PoE power"],
        "Light of the optics",
      ]
    ) await drawn(chart);
    match(await line("Light of the optics", "sfp1 rx").innerText(), /−12.5 dBm/);

    // The range is the address's, and the other way.
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    match(page.url(), /range=1h/);
    await page.getByText("All physical interfaces together").click();
    await page.getByLabel("ether1", { exact: true }).check();
    await page.getByLabel("bridge", { exact: true }).check();
    await line("Traffic", "bridge rx").waitFor();
    await page.getByLabel("Add them up").check();
    await line("Traffic", "rx").waitFor();
    match(page.url(), /interface=ether1&interface=bridge&sum=true/);
    match(await line("Traffic", "rx").innerText(), /14.2 Mbps/);

    // A live reading appears without the page being read again.
    await figure("CPU").scrollIntoViewIfNeeded();
    await page.mouse.move(2, 2); // off the charts: the legend shows the newest
    await line("CPU", "cpu").waitFor();
    const { live } = await write(one, [90], () => 77);
    const told = new TextEncoder().encode(JSON.stringify(live[0]));
    const grown = line("CPU", "cpu").filter({ hasText: "77 %" });
    for (let round = 0; round < 20 && await grown.count() === 0; round += 1) {
      platform.bus.broadcast(subjects.liveDevice(acme, one), told);
      await grown.waitFor({ timeout: 500 }).catch(() => {});
    }
    equal(await grown.count(), 1);

    // Files: figures and picture.
    const [png] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CPU as PNG" }).click(),
    ]);
    match(png.suggestedFilename(), /^tod-cpu-tower-b-1-b-.*\.png$/);
    const bytes = await Deno.readFile((await png.path())!);
    deepEqual([...bytes.subarray(1, 4)].map((byte) => String.fromCharCode(byte)), ["P", "N", "G"]);
    ok(bytes.length > 5_000, `${bytes.length} bytes`);

    // From the fleet: ticked side by side.
    await open("/devices");
    await page.getByRole("checkbox", { name: "Select Tower <b>1</b>" }).check();
    await page.getByRole("checkbox", { name: "Select =Tower 2" }).check();
    const ticked = await page.getByRole("link", { name: "Compare", exact: true })
      .getAttribute("href");
    deepEqual(ticked!.split("=")[1]!.split(",").toSorted(), [one, two].toSorted());

    await open(`/compare?ids=${one},${two},${crypto.randomUUID()}&chart=cpu&range=6h`);
    await page.getByText("A router of this link is not in the fleet any more").waitFor();
    await drawn("CPU");
    deepEqual(
      await page.getByRole("table").getByRole("link").allInnerTexts(),
      ["Tower <b>1</b>", "=Tower 2"],
    );
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CPU as CSV" }).click(),
    ]);
    const text = await Deno.readTextFile((await csv.path())!);
    match(text, /^time,Tower <b>1<\/b> \(percent\),'=Tower 2 \(percent\)\r\n\d{4}-/);
    await page.getByLabel("Figure").selectOption("rx");
    await figure("Traffic received").locator("canvas").waitFor();
    match(page.url(), /chart=rx/);
    await page.getByRole("button", { name: "Leave out =Tower 2" }).click();
    await page.getByRole("row").filter({ hasText: "=Tower 2" }).waitFor({ state: "detached" });
    await page.getByLabel("Add a router to the comparison").fill("tower 2");
    await page.locator("form li button").first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("row").filter({ hasText: "=Tower 2" }).waitFor();

    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors.filter((text) => !/status of 4\d\d/.test(text)), []);

    const shots = Deno.env.get("SHOTS");
    if (!shots) return;
    for (const scheme of ["light", "dark", "phone"] as const) {
      const viewport = scheme === "phone"
        ? { width: 390, height: 844 }
        : { width: 1_440, height: 900 };
      const colorScheme = scheme === "dark" ? "dark" as const : "light" as const;
      const shot = await test.open("operator", { viewport, colorScheme });
      for (
        const [name, path] of [
          ["charts", `/devices/${one}/charts?range=6h`],
          ["compare", `/compare?ids=${one},${two}&chart=cpu&range=6h`],
          ["overview", `/devices/${one}`],
        ]
      ) {
        await shot.page.goto(test.url + path);
        await shot.hydrated();
        await shot.page.locator("canvas").nth(name === "compare" ? 0 : 1).waitFor();
        await shot.page.waitForTimeout(500);
        await shot.page.screenshot({
          path: `${shots}/${name}-${scheme}.png`,
          fullPage: name !== "overview",
        });
      }
    }
    await Deno.writeFile(`${shots}/picture.png`, bytes);
  },
});
