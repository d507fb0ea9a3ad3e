/** A file's bytes as they come, gunzipped if it is gzipped, and never many times what lies on the disk. */
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../../engine/refusal.ts'

const chunkBytes = 1 << 20
/** A gzipped file may say so many times its own size: tables shrink ten- or twentyfold, what is made to fill a disk a thousandfold. */
const mostExpansion = 200
/** Below this nobody is harmed. */
const harmless = 64 << 20

/** @param name what messages call the file
 *  @param bytesRead told of every chunk, in bytes on disk
 *  @throws Refusal `unreadable_file`: gzip that is cut off or damaged, or that expands beyond reason */
export async function* chunksOf(
  path: string,
  name: string,
  bytesRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: chunkBytes })
  file.on('data', (chunk) => bytesRead(chunk.length))
  const source: Readable = /\.gz$/i.test(path) ? gunzipped(file) : file
  try {
    let said = 0
    for await (const chunk of source) {
      said += (chunk as Buffer).length
      if (said > harmless && said > mostExpansion * file.bytesRead) throw bomb(name)
      yield chunk as Buffer
    }
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    if (!code.startsWith('Z_')) throw error
    throw new Refusal(
      'unreadable_file',
      `${name} is not a whole gzip file (${(error as Error).message}); it was probably cut off in transfer. Send it again.`,
      { file: name },
    )
  } finally {
    file.destroy()
  }
}

const bomb = (name: string): Refusal =>
  new Refusal(
    'unreadable_file',
    `${name} expands to more than ${mostExpansion} times its size, which no file of ours does; send it without compression.`,
    { file: name },
  )

function gunzipped(file: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  file.on('error', (error) => gunzip.destroy(error))
  return file.pipe(gunzip)
}
