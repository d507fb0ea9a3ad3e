/** The elements of a part of a workbook, as they come: names without prefix, no document type, no text without an end. */
import { SaxesParser } from 'saxes'
import { unreadable, type ZipArchive } from './zip-archive.ts'

export interface XmlEvents {
  readonly open?: (name: string, attribute: (name: string) => string) => void
  readonly text?: (text: string) => void
  readonly close?: (name: string) => void
}

/** Characters without a tag; a cell of Excel holds 32,767. */
const longestText = 1 << 20
const deepest = 100

const plain = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Reads a part from front to back; resolves after every chunk, when `events` has what is whole by then.
 *  @throws Refusal `unreadable_file` */
export async function* xmlParts(archive: ZipArchive, part: string, events: XmlEvents): AsyncGenerator<void> {
  const parser = new SaxesParser()
  let [waiting, depth] = [0, 0]
  let fault: string | undefined
  parser.on('opentag', ({ name, attributes }) => {
    waiting = 0
    if (++depth > deepest) fault ??= `elements nested deeper than ${deepest}`
    events.open?.(plain(name), (wanted) => attributes[wanted] ?? '')
  })
  parser.on('closetag', ({ name }) => {
    waiting = 0
    depth--
    events.close?.(plain(name))
  })
  parser.on('text', (text) => events.text?.(text))
  parser.on('cdata', (text) => events.text?.(text))
  parser.on('doctype', () => (fault ??= 'it has a document type, which no workbook has'))
  parser.on('error', (error) => (fault ??= error.message))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of archive.read(part)) {
    waiting += chunk.length
    parser.write(decoded(decoder, chunk, archive, part))
    if (waiting > longestText + chunk.length) fault ??= `more than ${longestText} characters without a tag`
    if (fault !== undefined) throw unreadable(archive.name, `${part}: ${fault}`)
    yield
  }
  parser.close()
  if (fault !== undefined) throw unreadable(archive.name, `${part}: ${fault}`)
  yield
}

/** The whole of a part. */
export async function readXml(archive: ZipArchive, part: string, events: XmlEvents): Promise<void> {
  for await (const _ of xmlParts(archive, part, events));
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer, { name }: ZipArchive, part: string): string {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch {
    throw unreadable(name, `${part} is not UTF-8`)
  }
}
