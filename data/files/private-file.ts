/** Files about persons: readable by the account that wrote them and by nobody else, and complete, or not there. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { fileFaultOf } from './file-fault.ts'

export const PRIVATE_FILE = 0o600
const PRIVATE_DIRECTORY = 0o700

/** Makes a directory, and those above it that are not there, for this account alone. One that is there keeps its mode: it is
 *  somebody's choice.
 *  @throws Refusal `not_writable`, `disk_full` */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY })
  } catch (error) {
    throw fileFaultOf(error, path) ?? error
  }
}

/** Writes beside the file and renames: whoever reads it never sees half of it, two who write it do not mix, and whatever lay there
 *  before keeps neither its mode nor its links.
 *  @throws Refusal `not_writable`, `disk_full`, naming the file */
export async function writePrivateFile(path: string, write: (to: Writable) => Promise<unknown>): Promise<void> {
  await removeAbandoned(path)
  await replacing(path, async (partial) => {
    const to = createWriteStream(partial, { mode: PRIVATE_FILE, flags: 'wx' })
    // Listened to from the start: what goes wrong while `write` still reads would otherwise end the process.
    const done = finished(to)
    done.catch(() => undefined)
    try {
      await Promise.race([write(to), done])
      to.end()
      await done
    } finally {
      to.destroy()
      // Until then it may still be opened, and be made again after it was removed.
      if (!to.closed) await once(to, 'close')
    }
  })
}

/** Has a file written under another name beside `path`, and puts it in its place.
 *  @throws Refusal `not_writable`, `disk_full`, naming the file */
export async function replacing<T>(path: string, write: (partial: string) => Promise<T>): Promise<T> {
  const partial = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.partial`
  try {
    const result = await write(partial)
    await rename(partial, path)
    return result
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw isAbout(error, partial) ? (fileFaultOf(error, path) ?? error) : error
  }
}

/** Whether the file itself is at fault, and not something else that was done on the way. */
const isAbout = (error: unknown, partial: string): boolean => {
  const { path, syscall } = (error ?? {}) as NodeJS.ErrnoException
  return path === partial || (path === undefined && (syscall === 'write' || syscall === 'writev'))
}

/** What a process that was killed left half written beside `path`. */
async function removeAbandoned(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => [] as string[])
  for (const name of names) {
    const rest = name.startsWith(`${basename(path)}.`) ? name.slice(basename(path).length + 1) : ''
    const pid = /^(\d+)\.[0-9a-f]{8}\.partial$/.exec(rest)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(dirname(path), name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
