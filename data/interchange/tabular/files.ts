/** The files of a tabular source: one that is named, or those of a directory, by their endings. */
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { regularIn } from '../../files/regular-file.ts'

export interface TabularFile {
  readonly path: string
  /** as messages call it */
  readonly name: string
  readonly bytes: number
  /** the name without its ending, in lower case; of a part in a directory patients.parquet/ that of the directory */
  readonly stem: string
}

/** @param ending of the names that are read
 *  @param what a sentence calls such a file
 *  @throws Refusal `missing_directory`, `missing_file` */
export async function tabularFilesAt(
  path: string,
  ending: RegExp,
  what: string,
): Promise<{ readonly read: readonly TabularFile[]; readonly ignored: readonly string[] }> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new Refusal('missing_directory', `${path} does not exist; give ${what}, or a directory of them.`, {
      dir: path,
    })
  if (!found.isDirectory())
    return {
      read: [{ path, name: basename(path), bytes: found.size, stem: stemOf(basename(path), ending) }],
      ignored: [],
    }
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(path, '/').length))
    // what lies beside the data: .crc, _SUCCESS, the lock of an open workbook
    .filter((name) => !/^[._~]/.test(basename(name)))
    .sort()
  const read = names.filter((name) => ending.test(name))
  if (read.length === 0)
    throw new Refusal('missing_file', `${path} has no file that ends in ${endingOf(ending)}; give ${what}.`, {
      dir: path,
    })
  return {
    read: await Promise.all(
      read.map(async (name) => ({ name, stem: stemOf(name, ending), ...(await regularIn(path, name)) })),
    ),
    ignored: names.filter((name) => !ending.test(name)),
  }
}

/** The first part of its path: parts of a table lie in a directory of the table's name. */
const stemOf = (name: string, ending: RegExp): string => (name.split('/')[0] ?? '').replace(ending, '').toLowerCase()

const endingOf = (ending: RegExp): string => /\\\.\(?([a-z|]+)/.exec(ending.source)?.[1]?.replaceAll('|', ' or ') ?? ''
