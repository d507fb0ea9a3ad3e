/** What is written to a stream, as text. */
import { Writable } from 'node:stream'

export async function textOf(write: (out: Writable) => Promise<unknown>): Promise<string> {
  let text = ''
  await write(
    new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk)
        setImmediate(done)
      },
    }),
  )
  return text
}
