/** How a failure crosses the queue: a job that failed keeps one line of text, and whoever waits wants the refusal back. */
import { UnrecoverableError } from 'bullmq'
import { Refusal } from '../../engine/kernel/refusal.ts'

const mark = 'refusal '

/** What a worker throws for `error`: a refusal is not tried again, anything else is. */
export function thrownFor(error: unknown): Error {
  if (error instanceof Refusal) return new UnrecoverableError(textOf(error))
  return error instanceof Error ? error : new Error(String(error))
}

const textOf = ({ code, message, facts }: Refusal) => mark + JSON.stringify({ code, message, facts })

/** The error that a failed job's text stands for: the refusal itself, or `job_failed` with what the bug said. */
export function refusalOf(text: string): Refusal {
  if (text.startsWith(mark)) {
    const { code, message, facts } = JSON.parse(text.slice(mark.length)) as Pick<Refusal, 'code' | 'message' | 'facts'>
    return new Refusal(code, message, facts)
  }
  return new Refusal('job_failed', `The run stopped on a fault that is not in its input: ${text}`)
}
