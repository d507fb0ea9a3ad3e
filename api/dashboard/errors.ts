/** What could not be shown or done, as a page for whoever asks for pages; for a program as the API says it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemFor, sendProblem } from '../plugins/errors.ts'
import { markup, type Html } from '../report/elements/html.ts'
import type { Lang } from '../report/words/format.ts'
import type { Problem } from '../schemas/problem.ts'
import { ApiProblem } from './ask.ts'
import { sendPage } from './define.ts'
import { notice } from './elements/notice.ts'
import type { View } from './frame.ts'
import { langOf } from './lang.ts'
import { onwards, signInPage } from './sign-in/pages.ts'
import { errorWords } from './words/errors.ts'
import { signInWords } from './words/sign-in.ts'

/** The sentence of a problem in the reader's language. */
export const sentenceOf = ({ code }: Pick<Problem, 'code'>, lang: Lang): string =>
  (errorWords[lang].said as Readonly<Record<string, string | undefined>>)[code] ?? errorWords[lang].other

/** What was refused, on the page where it was asked for: in the reader's language, and the particulars as the API says them. */
export const saidOf = (problem: Problem, lang: Lang): Html =>
  notice('fault', markup`${sentenceOf(problem, lang)}<br><small lang="en">${problem.detail}</small>`)

/** What was refused of a form, to be told on its own page with everything that was typed.
 *  @throws whatever leads to signing in, or is no refusal of what was asked */
export function toldProblem(error: unknown): Problem {
  if (error instanceof ApiProblem && error.problem.status !== 401 && error.problem.status < 500) return error.problem
  throw error
}

function problemPage(problem: Problem, lang: Lang): View {
  const words = errorWords[lang]
  return {
    title: words.title,
    status: problem.status,
    body: markup`${notice('fault', sentenceOf(problem, lang))}
<h2>${words.particulars}</h2>
<p lang="en">${problem.detail}</p>
<p><a href="/">${words.back}</a></p>`,
  }
}

/** The error handler of the pages. */
export async function sendFault(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const problem = error instanceof ApiProblem ? error.problem : problemFor(error, request.id)
  if (problem.status >= 500) request.log.error({ reqId: request.id, err: error }, 'page failed')
  if (!/\btext\/html\b/.test(request.headers.accept ?? '')) return sendProblem(reply, problem)
  request.refusedAs = problem.code
  const lang = langOf(request)
  if (problem.status !== 401) return await sendPage(request, reply, problemPage(problem, lang))
  if (request.method === 'GET') return reply.redirect(`/sign-in?next=${encodeURIComponent(onwards(request.url))}`, 303)
  return await sendPage(request, reply, signInPage(request, cameFrom(request), signInWords[lang].expired))
}

/** The page of ours with the form that was sent. */
function cameFrom({ headers: { referer = '', host } }: FastifyRequest): string {
  if (!URL.canParse(referer)) return '/'
  const from = new URL(referer)
  return from.host === host ? onwards(from.pathname + from.search) : '/'
}
