/** Refusals across the queue: a failed job keeps one line of text, from which the waiting process restores the refusal. */
import { UnrecoverableError } from 'bullmq'
import { outageOf } from '../../data/postgres/outage.ts'
import { isRefusalCode } from '../../engine/kernel/refusal-codes.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

const mark = 'refusal '

/** What a worker throws for `error`: a refusal is not tried again, anything else is; an outage among it keeps its sentence, in case
 *  it lasts longer than the tries. */
export function thrownFor(error: unknown): Error {
  const refusal = outageOf(error)
  if (refusal)
    return PASSING.includes(refusal.code) ? new Error(textOf(refusal)) : new UnrecoverableError(textOf(refusal))
  return error instanceof Error ? error : new Error(String(error))
}

const PASSING: readonly string[] = ['database_unreachable', 'redis_unreachable', 'disk_full']

const textOf = ({ code, message, facts }: Refusal) => mark + JSON.stringify({ code, message, facts })

/** The refusal that a failed job's text stands for. What a bug said is the cause of a `job_failed`, and no part of its sentence:
 *  it may name anything that the program holds. */
export function refusalOf(text: string): Refusal {
  return (
    writtenRefusal(text) ??
    new Refusal(
      'job_failed',
      'The run stopped on a fault of the program, not of its input; the log of the worker tells where.',
      {},
      { cause: new Error(text) },
    )
  )
}

/** Null for a text that is no refusal, or one with a code that only another version of the program knows. */
function writtenRefusal(text: string): Refusal | null {
  if (!text.startsWith(mark)) return null
  const written: unknown = parsed(text.slice(mark.length))
  if (typeof written !== 'object' || written === null) return null
  const { code, message, facts } = written as { readonly [name: string]: unknown }
  if (!isRefusalCode(code) || typeof message !== 'string' || typeof facts !== 'object') return null
  return new Refusal(code, message, { ...facts })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
