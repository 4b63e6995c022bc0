/** The cookies of one browser, by host and port as tests have several sites on one host. */
export class CookieJar {
  readonly #kept = new Map<string, { value: string; path: string }>();

  /** Keeps what an answer sets. */
  keep(url: URL, answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const [name = "", ...rest] = pair.split("=");
      const about = (wanted: string) =>
        attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.split("=")[1];
      const key = `${url.host} ${name}`;
      const expires = about("expires");
      const isGone = about("max-age") === "0" || rest.join("=") === "" ||
        (expires !== undefined && Date.parse(expires) <= Date.now());
      if (isGone) this.#kept.delete(key);
      else this.#kept.set(key, { value: rest.join("="), path: about("path") ?? "/" });
    }
  }

  /** The header for a request to `url`. */
  header({ host, pathname }: URL): Record<string, string> {
    const fitting = [...this.#kept].filter(([key, { path }]) =>
      key.startsWith(`${host} `) && pathname.startsWith(path)
    );
    if (fitting.length === 0) return {};
    return {
      cookie: fitting.map(([key, { value }]) => `${key.slice(host.length + 1)}=${value}`)
        .join("; "),
    };
  }

  value({ host }: URL, name: string): string | undefined {
    return this.#kept.get(`${host} ${name}`)?.value;
  }
}
