import type { MigrationSession } from './migrate.js';

/** The role that tenant transactions run as. */
const ROLE = 'countersign_app';

/**
 * First statement of a tenant's transaction; both settings end with it. The id travels as hex digits: there is nothing to
 * escape, and the statement can be sent together with `BEGIN`.
 */
export function asTenant(tenantId: string): string {
  const hex = Buffer.from(tenantId).toString('hex');
  const id = `convert_from(decode('${hex}', 'hex'), 'UTF8')`;
  return `SELECT set_config('role', '${ROLE}', true), set_config('app.tenant_id', ${id}, true)`;
}

/**
 * The same for a transaction of one statement, which is sent with it; the id is its value. One row without a column: nobody
 * reads it.
 */
export const ENTER_TENANT = `SELECT FROM set_config('role', '${ROLE}', true) AS role, set_config('app.tenant_id', $1, true) AS tenant`;

/** A tenant's name must be able to reach the policies: an unset one reads as the empty string there. */
export function checkTenant(tenantId: string): void {
  if (tenantId === '' || tenantId.includes('\0')) throw new RangeError('A tenant id is not empty and holds no NUL');
}

/**
 * Makes sure the role exists, bypasses nothing and may be taken by this user. A role belongs to the server, not to the
 * database: a restored database can lack it.
 *
 * @throws Error that says what an administrator has to run
 */
export async function ensureAppRole(session: MigrationSession): Promise<void> {
  if ((await bypasses(session)) === undefined) await succeeds(session, `CREATE ROLE ${ROLE} NOLOGIN`);
  // The creator of a role may not take it by itself (PostgreSQL 16).
  if (!(await takeable(session))) await succeeds(session, `GRANT ${ROLE} TO CURRENT_USER`);

  const dangerous = await bypasses(session);
  if (dangerous === undefined || !(await takeable(session))) {
    const [user] = await session.rows('SELECT quote_ident(current_user) AS name', []);
    const create = dangerous === undefined ? `CREATE ROLE ${ROLE} NOLOGIN; ` : '';
    throw new Error(
      `The role ${ROLE} is missing or may not be taken, and this user cannot change that. ` +
        `Run as an administrator: ${create}GRANT ${ROLE} TO ${String(user?.['name'])};`,
    );
  }
  if (dangerous) {
    throw new Error(
      `The role ${ROLE} bypasses row security. Run as an administrator: ALTER ROLE ${ROLE} NOSUPERUSER NOBYPASSRLS;`,
    );
  }
}

/** Whether the role would see rows of every tenant; `undefined` when there is no such role. */
async function bypasses(session: MigrationSession): Promise<boolean | undefined> {
  const [role] = await session.rows('SELECT rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = $1', [
    ROLE,
  ]);
  return role === undefined ? undefined : role['bypasses'] === true;
}

async function takeable(session: MigrationSession): Promise<boolean> {
  if (!(await succeeds(session, `SET ROLE ${ROLE}`))) return false;
  await session.script('RESET ROLE');
  return true;
}

/** Another process may do the same at the same moment, or it may be forbidden: what counts is the state afterwards. */
const succeeds = (session: MigrationSession, statement: string): Promise<boolean> =>
  session.script(statement).then(
    () => true,
    () => false,
  );
