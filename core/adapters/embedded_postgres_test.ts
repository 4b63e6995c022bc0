import { equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { Unavailable } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";
import { silentLog } from "@/tests/support/log.ts";
import { PostgresDb } from "./db_postgres.ts";
import { ADMIN, type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded_postgres.ts";
import { connectPool } from "./postgres_pool.ts";

const settings = { shared_buffers: "16MB", fsync: "off" };

/** One directory for the file: staging and initdb cost a second each. */
async function withDirectory(body: (dataDir: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "tod-pg-", dir: "/tmp" });
  await Deno.chmod(path, 0o755);
  try {
    await body(join(path, "postgres"));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function scalar(server: EmbeddedPostgres, query: string): Promise<unknown> {
  const sql = connectPool({ socketPath: server.socketPath, user: ADMIN, database: "postgres" }, {
    max: 1,
    name: "test",
  });
  try {
    return Object.values((await sql.unsafe(query))[0]!)[0];
  } finally {
    await sql.end();
  }
}

Deno.test("startEmbeddedPostgres() keeps data over restarts and guards its directory", async (t) => {
  await withDirectory(async (dataDir) => {
    const start = () => startEmbeddedPostgres({ dataDir, log: silentLog, settings });
    let server = await start();

    await t.step("it listens on no TCP port, and its files are its user's alone", async () => {
      equal(await scalar(server, "show listen_addresses"), "");
      equal(await scalar(server, "show data_checksums"), "on");
      const { mode, uid } = await Deno.stat(join(dataDir, "pgdata"));
      equal(mode! & 0o077, 0);
      if (Deno.uid() === 0) ok(uid !== 0, "not root's");
      equal((await Deno.stat(join(dataDir, ".."))).uid, Deno.uid(), "the folder above stays ours");
    });

    await t.step("a second instance is refused and told who holds the directory", async () => {
      await rejects(start(), new RegExp(`another instance holds it \\(process ${Deno.pid}\\)`));
    });

    await t.step("it refuses to serve with a superuser's login", async () => {
      const app = { socketPath: server.socketPath, user: ADMIN, database: "tod" };
      await rejects(PostgresDb.open({ app }), /login admin as it must be app_user/);
    });

    await t.step("it refuses a runtime role that row-level security would not bind", async () => {
      const app = { socketPath: server.socketPath, user: "app_user", database: "tod" };
      for (
        const [give, take] of [
          ["alter role app_user bypassrls", "alter role app_user nobypassrls"],
          ["grant admin to app_user", "revoke admin from app_user"],
        ]
      ) {
        await scalar(server, `${give}; select 1 as done`).catch(() => {});
        await rejects(PostgresDb.open({ app }), /must be bound by row-level security/, give);
        await scalar(server, `${take}; select 1 as done`).catch(() => {});
      }
      await (await PostgresDb.open({ app }))[Symbol.asyncDispose]();
    });

    await t.step(
      "a stopped server is Unavailable, and the same pool works after a restart",
      async () => {
        const app = { socketPath: server.socketPath, user: "app_user", database: "tod" };
        await using db = await PostgresDb.open({ app });
        await server.stop();
        await rejects(db.check(), Unavailable);
        await rejects(db.system((sql) => sql`select 1`), Unavailable);
        server = await start();
        match(await db.check(), /^PostgreSQL \d/);
      },
    );

    await t.step("an unexpected end is told, and the next start recovers", async () => {
      Deno.kill(server.pid, "SIGKILL");
      await server.exited;
      await server.stop();
      server = await start();
      equal(await scalar(server, "select count(*)::int from pg_database where datname = 'tod'"), 1);
    });

    await server.stop();
    await server.stop(); // twice does no harm
    await rejects(Deno.stat(join(dataDir, "pgdata", "postmaster.pid")), Deno.errors.NotFound);
  });
});

Deno.test("startEmbeddedPostgres() refuses a socket path that is too long", async () => {
  await rejects(
    startEmbeddedPostgres({ dataDir: `/tmp/${"x".repeat(100)}`, log: silentLog }),
    /at most 107 bytes: current value is 1\d\d bytes.*shorter TOD_DATA_DIR/,
  );
});

Deno.test("connectPool() never repeats the password of an URL it cannot read", () => {
  for (const url of ["postgres://app:s3cret@[::/tod", "s3cret", "mysql://a:s3cret@h/d"]) {
    try {
      connectPool({ url }, { max: 1, name: "test" });
      ok(false, "accepted");
    } catch (error) {
      match((error as Error).message, /must look like postgres:/);
      ok(!(error as Error).message.includes("s3cret"));
    }
  }
  try {
    connectPool({ url: "postgres://a:s3cret@h/d?sslmode=on" }, { max: 1, name: "test" });
    ok(false, "accepted");
  } catch (error) {
    match((error as Error).message, /sslmode .* one of disable, .*: current value is on/);
  }
});

Deno.test("PostgresDb.open() says what to check when nothing listens, without the password", async () => {
  const url = "postgres://app_user:s3cret@127.0.0.1:1/tod";
  const error = await PostgresDb.open({ app: { url } }).catch((error) => error);
  ok(error instanceof Unavailable);
  match(error.message, /does not answer \(ECONNREFUSED\): check that it runs/);
  ok(!Deno.inspect(error).includes("s3cret"));
});

Deno.test("Db keeps errors that are the work's own", async () => {
  await withDirectory(async (dataDir) => {
    const server = await startEmbeddedPostgres({ dataDir, log: silentLog, settings });
    try {
      const app = { socketPath: server.socketPath, user: "app_user", database: "tod" };
      await using db = await PostgresDb.open({ app });
      const id = crypto.randomUUID() as TenantId;
      await rejects(db.tenant(id, () => Deno.readTextFile("/nowhere")), Deno.errors.NotFound);
      // Caught inside, a failed statement still fails the transaction: nothing commits by halves.
      await rejects(
        db.tenant(id, async (sql) => {
          await sql`select 1/0`.catch(() => {});
          return "went on";
        }),
        /division by zero/,
      );
      await rejects(db.poller((sql) => sql`select 1`), /no database login as poller_user/);
    } finally {
      await server.stop();
    }
  });
});
