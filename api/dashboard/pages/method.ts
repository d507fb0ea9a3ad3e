/** The method in short, for everybody: what is expected, gain, partner, payment. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../report/elements/html.ts'
import { definePage } from '../define.ts'
import { methodWords } from '../words/method.ts'

const paragraphs = (texts: readonly string[]): Html[] => texts.map((each) => markup`<p>${each}</p>`)

export async function method(app: FastifyInstance): Promise<void> {
  definePage(app, '/method', [], async ({ lang }) => {
    const words = methodWords[lang]
    return {
      title: words.title,
      place: 'method',
      body: markup`<p class="lead">${words.lead}</p>
${words.steps.map(
  ({ head, says, example, file, section }) => markup`<section class="card"><h2>${head}</h2>
${paragraphs(says)}
${example === null ? null : markup`<p class="notice"><strong>${words.example}.</strong> ${example}</p>`}
<p class="hint">${words.where(section, file)}</p></section>`,
)}
<h2>${words.certain}</h2>${paragraphs(words.certainSays)}
<h2>${words.small}</h2>${paragraphs(words.smallSays)}`,
    }
  })
}
