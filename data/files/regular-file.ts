/** Only regular files are read: a directory, pipe, socket or device is refused by its kind, and no link leads out of a dataset. */
import { constants, type Stats } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** Opens a file to read it.
 *  @param name what the sentence calls it
 *  @throws Refusal `not_a_regular_file`, `file_not_readable` */
export async function openRegular(path: string, name: string): Promise<FileHandle> {
  try {
    refuseIrregular(name, await stat(path))
    // Between the look and the opening it may have become a pipe, whose opening would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      refuseIrregular(name, await file.stat())
    } catch (error) {
      await file.close()
      throw error
    }
    return file
  } catch (error) {
    throw notReadable(name, error)
  }
}

/** A file of a dataset: the same, and it lies in the dataset's own directory even if it is a link. Nothing is opened.
 *  @returns its path and size in bytes
 *  @throws Refusal `outside_dataset`, which says nothing of where the link leads, `not_a_regular_file`, `file_not_readable` */
export async function regularIn(dir: string, name: string): Promise<{ readonly path: string; readonly bytes: number }> {
  const path = join(dir, name)
  try {
    await refuseOutside(dir, name)
    const found = await stat(path)
    refuseIrregular(name, found)
    return { path, bytes: found.size }
  } catch (error) {
    throw notReadable(name, error)
  }
}

/** Refuses a name of a directory that is a link to somewhere outside of it.
 *  @throws Refusal `outside_dataset` */
export async function refuseOutside(dir: string, name: string): Promise<void> {
  const [home, real] = await Promise.all([realpath(dir), realpath(join(dir, name))])
  if (real === home || real.startsWith(home.endsWith(sep) ? home : home + sep)) return
  throw new Refusal('outside_dataset', `${name} is a link that leads out of the dataset; put the file itself there.`, {
    file: name,
  })
}

function refuseIrregular(name: string, found: Stats): void {
  const kind = kindOf(found)
  if (kind === null) return
  throw new Refusal('not_a_regular_file', `${name} is a ${kind}; a regular file is wanted.`, { file: name, kind })
}

/** Null for a regular file. */
function kindOf(found: Stats): string | null {
  if (found.isFile()) return null
  if (found.isDirectory()) return 'directory'
  if (found.isFIFO()) return 'pipe'
  if (found.isSocket()) return 'socket'
  return 'device'
}

function notReadable(name: string, error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || !('code' in error)) return error
  return new Refusal(
    'file_not_readable',
    `${name} cannot be read (${String(error.code)}); name a file that is there.`,
    {
      file: name,
    },
  )
}
