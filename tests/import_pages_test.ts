import { deepEqual, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Buffer } from "node:buffer";
import { strToU8, zipSync } from "fflate";
import { openSignedIn } from "./support/signed_in.ts";

/** The least that Excel opens: one sheet, its words in the cells. */
function spreadsheet(rows: string[][]): Uint8Array {
  const xml = (body: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const cells = rows.map((row, at) =>
    `<row r="${at + 1}">${
      row.map((text, column) =>
        `<c r="${"ABC"[column]}${at + 1}" t="inlineStr"><is><t>${text}</t></is></c>`
      ).join("")
    }</row>`
  ).join("");
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zipSync({
    "[Content_Types].xml": xml(
      `<Types xmlns="${packages}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
    ),
    "_rels/.rels": xml(
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    "xl/workbook.xml": xml(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Routers" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": xml(
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    "xl/worksheets/sheet1.xml": xml(
      `<worksheet xmlns="${main}"><sheetData>${cells}</sheetData></worksheet>`,
    ),
  });
}

Deno.test({
  name: "a spreadsheet and a pasted list are checked, then added; the export brings them back",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using site = await openSignedIn();
    const tab = await site.open("admin");
    const { page } = tab;
    await page.goto(`${site.url}/devices/import`);
    await tab.hydrated();
    const report = page.getByTestId("import-report");
    const pressed = (name: string) => page.getByRole("button", { name, exact: true });

    await page.locator("#import-file").setInputFiles({
      ...{ name: "fleet.xlsx", mimeType: "application/octet-stream" },
      buffer: Buffer.from(spreadsheet([
        ["IP address", "Name", "Colour"],
        ["192.0.2.1", "Tower &lt;b&gt;North&lt;/b&gt;", "red"],
        ["192.0.2.999", "broken", "blue"],
      ])),
    });
    await page.locator("#import-username").fill("tod");
    await page.locator("#import-password").fill("a secret of tests");
    await pressed("Check").click();
    await report.getByText("What would happen").waitFor();
    await report.getByText("Columns not used: Colour").waitFor();
    match(await report.locator("tbody").innerText(), /192\.0\.2\.999.*must be an IPv4/s);
    await pressed("New: 1").click();
    match(await report.locator("tbody").innerText(), /Tower <b>North<\/b>/);
    await pressed("Add 1 router").click();
    await page.getByText("1 router was added.").waitFor();

    await page.locator("#import-text").fill("address\tname\n192.0.2.1\tagain\n192.0.2.2\t=1+1\n");
    equal(await report.count(), 0, "an old report does not stand beside a new list");
    await pressed("Check").click();
    await pressed("Managed already: 1").waitFor();
    await pressed("Add 1 router").click();
    await page.getByText("1 router was added.").waitFor();

    await page.goto(`${site.url}/devices`);
    equal(await page.locator("tbody tr").count(), 2);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export CSV" }).click(),
    ]);
    const csv = await readFile(await saved.path(), "utf8");
    match(csv, /^192\.0\.2\.2,8729,'=1\+1,/m);
    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors, []);
  },
});
