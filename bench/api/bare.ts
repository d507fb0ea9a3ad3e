/** The peer of the bench of the API, in a process of its own: Fastify alone, that sends the same bytes and does nothing else.
 *  The file that it is given holds pages as `{type, base64}`; page 0 is at /0. Its first line is its address. */
import { readFile } from 'node:fs/promises'
import fastify from 'fastify'

const pages = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as { type: string; base64: string }[]
const app = fastify()
for (const [at, { type, base64 }] of pages.entries()) {
  const bytes = Buffer.from(base64, 'base64')
  app.get(`/${at}`, (_request, reply) => reply.type(type).send(bytes))
}
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
