/** One process at a time: a lock file that a crash cannot leave standing, because it names a process that can be looked up. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../../engine/kernel/refusal.ts'

const patienceMs = 90_000 // starting after a crash replays the log
const pauseMs = 20

/** Runs `work` while holding the lock file at `path`.
 *  @throws Refusal `locked` when another process keeps it too long */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const me = await identityOf(process.pid)
  for (let waited = 0; !(await taken(path, me)); waited += pauseMs) {
    if (waited > patienceMs)
      throw new Refusal('locked', `${path} is held by another process; if none runs, delete the file.`)
    await sleep(pauseMs)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

/** Whether the process that `identity` names still runs. */
export async function alive(identity: string): Promise<boolean> {
  const pid = Number(identity.split(' ')[0])
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return (await identityOf(pid)) === identity
}

/** The number of a process, and when it started: numbers come back, above all in containers. */
export async function identityOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return `${pid} ${startTicks}`.trim()
}

async function taken(path: string, me: string): Promise<boolean> {
  try {
    await writeFile(path, me, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const holder = await readFile(path, 'utf8').catch(() => '')
  if (holder === '' || (await alive(holder))) return false
  await breakStale(path, holder)
  return false
}

// Between reading a dead holder and removing its file another process may have taken the lock: then it is put back.
async function breakStale(path: string, holder: string): Promise<void> {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) === holder) await rm(aside, { force: true })
    else await rename(aside, path)
  } catch {
    return
  }
}
