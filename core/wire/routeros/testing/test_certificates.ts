/** Certificates for tests, made by the openssl program in a temporary folder. */
export class TestCertificates implements Disposable {
  readonly #dir = Deno.makeTempDirSync({ prefix: "tod-certificates-" });
  #serial = 0;

  /** A self-signed certificate. `key`: arguments of `openssl req -newkey`. */
  selfSigned(
    { key = ["rsa:2048"], subject = "/CN=router", names }: {
      key?: readonly string[];
      subject?: string;
      names?: string;
    } = {},
  ): TestCertificate {
    const made = this.#paths();
    // deno-fmt-ignore: an openssl command line
    openssl(["req", "-x509", "-newkey", ...key, "-nodes", "-days", "30", "-subj", subject,
      ...(names ? ["-addext", `subjectAltName=${names}`] : []),
      "-keyout", made.keyFile, "-out", made.certFile]);
    return new TestCertificate(made.certFile, made.keyFile);
  }

  /** A certificate signed by `ca` for `names`, as in a subjectAltName. */
  signedBy(ca: TestCertificate, names: string): TestCertificate {
    const made = this.#paths();
    const request = `${made.certFile}.csr`;
    const extensions = `${made.certFile}.ext`;
    Deno.writeTextFileSync(extensions, `subjectAltName=${names}\n`);
    // deno-fmt-ignore: openssl command lines
    openssl(["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=router", "-keyout",
      made.keyFile, "-out", request]);
    // deno-fmt-ignore: openssl command lines
    openssl(["x509", "-req", "-in", request, "-CA", ca.certFile, "-CAkey", ca.keyFile,
      "-CAcreateserial", "-days", "30", "-extfile", extensions, "-out", made.certFile]);
    return new TestCertificate(made.certFile, made.keyFile);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#dir, { recursive: true });
  }

  #paths() {
    const base = `${this.#dir}/${++this.#serial}`;
    return { certFile: `${base}.crt`, keyFile: `${base}.key` };
  }
}

/** One certificate with its key, as files and as PEM. */
export class TestCertificate {
  constructor(readonly certFile: string, readonly keyFile: string) {}

  get cert(): string {
    return Deno.readTextFileSync(this.certFile);
  }

  get key(): string {
    return Deno.readTextFileSync(this.keyFile);
  }

  /** As openssl computes it: not by the code under test. */
  get fingerprint(): string {
    const text = openssl(["x509", "-in", this.certFile, "-noout", "-fingerprint", "-sha256"]);
    return text.split("=")[1]!.trim().replaceAll(":", "").toLowerCase();
  }
}

function openssl(args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command("openssl", { args }).outputSync();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
