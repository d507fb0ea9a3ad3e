/** The account that runs the embedded server, and its data directory: PostgreSQL refuses to run as root. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '../../../engine/kernel/refusal.ts'

/** The account of a child process; empty: our own. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

export interface Placement {
  readonly account: Account
  /** the cluster's directory */
  readonly dataDir: string
}

/** Our own account and `<home>/postgres`; as root, the account `postgres` or else `nobody`, and where `home` lies behind a
 *  directory closed to it, a directory under /var/lib/winst (or the temporary one) named after a hash of the home's path.
 *  @throws Refusal `not_the_owner` when another account made the cluster */
export async function placementOf(home: string): Promise<Placement> {
  await mkdir(home, { recursive: true })
  const inside = join(home, 'postgres')
  if (process.getuid?.() !== 0) return { account: {}, dataDir: await owned(inside) }
  const account = (await ownerOf(inside)) ?? (await serviceAccount())
  if (mayUse(account, home)) return { account, dataDir: inside }
  const key = createHash('sha256')
    .update(await realpath(home))
    .digest('hex')
    .slice(0, 16)
  const outside = join(await rootShelf(), `data-${key}`)
  return { account: (await ownerOf(outside)) ?? account, dataDir: outside }
}

/** Whether the account may enter the directory, or run the program. */
export function mayUse(account: Account, path: string): boolean {
  if (account.uid === undefined) return true
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { ...account, cwd: '/' }).status === 0
}

/** Where root puts what a service account must reach. */
export async function rootShelf(): Promise<string> {
  for (const shelf of ['/var/lib/winst', join(tmpdir(), 'winst-root'), '/tmp/winst-root'])
    try {
      await mkdir(shelf, { recursive: true })
      await chmod(shelf, 0o755)
      // In a directory where anyone may write, someone else could have been first.
      if ((await lstat(shelf)).uid === process.getuid?.() && mayUse(await serviceAccount(), shelf)) return shelf
    } catch {
      continue
    }
  throw new Refusal(
    'no_place_for_database',
    'As root, the embedded PostgreSQL needs a directory that another account can reach: /var/lib/winst cannot be made. Set DATABASE_URL, WINST_HOME, or run as an ordinary user.',
  )
}

async function owned(dataDir: string): Promise<string> {
  const owner = await lstat(dataDir).catch(() => undefined)
  if (owner && owner.uid !== process.getuid?.())
    throw new Refusal(
      'not_the_owner',
      `${dataDir} belongs to account ${owner.uid}, which started it first. Run as that account or as root, or set WINST_HOME to a directory of your own.`,
    )
  return dataDir
}

async function ownerOf(dataDir: string): Promise<Account | undefined> {
  const found = await lstat(dataDir).catch(() => undefined)
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

async function serviceAccount(): Promise<Account> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find((fields) => fields[0] === name)
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new Refusal(
    'no_service_account',
    'PostgreSQL refuses to run as root, and this machine has no account `postgres` or `nobody`. Add one, set DATABASE_URL, or run as an ordinary user.',
  )
}
