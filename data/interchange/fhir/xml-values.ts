/** FHIR in XML as a stream: the same elements that JSON gives, one resource or one entry of a Bundle at a time. */
import { SaxesParser } from 'saxes'
import type { SaxesTagPlain } from 'saxes'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Element } from './elements.ts'
import { largestValue, mostElements } from './json-values.ts'

export interface XmlValue {
  /** an entry of the Bundle, or what is left of the root */
  readonly kind: 'entry' | 'value'
  readonly element: Element
  readonly line: number
}

type Open = { readonly name: string; readonly fields: Record<string, unknown>; value: string | undefined; line: number }

/** Resources inside resources are named by their tag: <resource><Patient>…, <contained><Medication>…. */
const isResourceName = (name: string): boolean => /^[A-Z]/.test(name)
const deepest = 200

export class XmlReader {
  private readonly parser = new SaxesParser()
  private readonly stack: Open[] = []
  private readonly done: XmlValue[] = []
  /** how deep inside the narrative, which is XHTML and never read */
  private narrative = 0
  private failure: Error | undefined
  private rootClosed = false
  /** characters since the last whole entry */
  private size = 0
  /** tags likewise */
  private elements = 0

  constructor(private readonly file: string) {
    this.parser.on('opentag', (tag) => this.open(tag))
    this.parser.on('closetag', () => this.close())
    this.parser.on('error', (error) => (this.failure ??= error))
  }

  /** @returns what is whole by now */
  take(text: string): XmlValue[] {
    this.size += text.length
    if (this.size > largestValue)
      throw this.refusal(`longer than ${largestValue >> 20} MB without an end; one resource cannot be that large`)
    this.parser.write(text)
    if (this.failure) throw this.refusal(this.failure.message)
    return this.done.splice(0)
  }

  end(): void {
    if (!this.rootClosed)
      throw new Refusal(
        'truncated_file',
        `${this.file} ends at line ${this.parser.line} inside <${this.stack.at(-1)?.name ?? '?'}>: it was cut off in writing or in transfer. Nothing is kept; send it again.`,
        { file: this.file, line: this.parser.line },
      )
    this.parser.close()
    if (this.failure) throw this.refusal(this.failure.message)
  }

  private open(tag: SaxesTagPlain): void {
    if (++this.elements > mostElements)
      throw this.refusal(`more than ${mostElements} elements without an end; one resource cannot have that many`)
    if (this.stack.length + this.narrative > deepest) throw this.refusal(`elements nested deeper than ${deepest}`)
    const name = tag.name.slice(tag.name.indexOf(':') + 1)
    if (this.narrative > 0 || name === 'div') {
      this.narrative++
      return
    }
    const { value, url, id } = tag.attributes
    // an element may have any name, `__proto__` too
    const fields = Object.create(null) as Record<string, unknown>
    if (isResourceName(name)) fields.resourceType = name
    if (url !== undefined) fields.url = url
    if (id !== undefined) fields.id = id
    this.stack.push({ name, fields, value, line: this.parser.line })
  }

  private close(): void {
    if (this.narrative > 0) {
      this.narrative--
      return
    }
    const closed = this.stack.pop()
    if (!closed) return
    const parent = this.stack.at(-1)
    if (!parent) {
      this.rootClosed = true
      this.done.push({ kind: 'value', element: closed.fields, line: closed.line })
    } else if (closed.name === 'entry' && this.stack.length === 1 && parent.name === 'Bundle') {
      this.size = this.elements = 0
      this.done.push({ kind: 'entry', element: closed.fields, line: closed.line })
    } else if (isResourceName(closed.name)) Object.assign(parent.fields, closed.fields)
    else put(parent.fields, closed.name, closed.value ?? closed.fields)
  }

  private refusal(why: string): Refusal {
    const { line } = this.parser
    return new Refusal(
      'unreadable_file',
      `${this.file}, line ${line}: not XML that can be read: ${why.replace(/^\d+:\d+: /, '')}`,
      {
        file: this.file,
        line,
      },
    )
  }
}

/** An element that comes again makes a list. */
function put(fields: Record<string, unknown>, name: string, value: unknown): void {
  const before = fields[name]
  if (before === undefined) fields[name] = value
  else if (Array.isArray(before)) before.push(value)
  else fields[name] = [before, value]
}
