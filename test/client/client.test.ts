/** The typed client against the running app, over a socket. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiProblem, openClient, type Client } from '../../client/client.ts'
import { runningApp, type RunningApp } from '../support/services/running-app.ts'
import { sha256 } from '../support/settlements/sha256.ts'

let [asked, client, baseUrl]: [RunningApp, Client, string] = [null!, null!, '']
beforeAll(async () => {
  asked = await runningApp()
  baseUrl = await asked.app.listen({ port: 0, host: '127.0.0.1' })
  client = openClient({ baseUrl, token: asked.tokenOf('analyst bob') })
})
afterAll(() => asked.close())

test('reads a settlement from the list, by the beginning of its id', async () => {
  const { items } = await client.get('/v1/settlements', { query: { contract: 'noord', limit: 1 } })
  expect(items[0]?.settlement_id).toBe(asked.noord.settlement.settlement_id)
  const settlement = items[0]!.settlement_id.slice(0, 8)
  const one = await client.get('/v1/settlements/{settlement}', { path: { settlement } })
  expect(one.contract).toBe('noord')
})

test('walks every page of a list', async () => {
  const programmes: string[] = []
  for await (const { programme } of client.items('/v1/programmes', { query: { limit: 2 } })) programmes.push(programme)
  expect(programmes).toEqual([...programmes].sort())
  expect(programmes).toContain('dm2')
})

test('a refusal is a problem with its code', async () => {
  const refused = await client
    .get('/v1/contracts/{contract}', { path: { contract: 'none' } })
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ApiProblem)
  expect((refused as ApiProblem).problem).toMatchObject({ status: 404, code: 'unknown_contract' })
})

test('an act is done once, also where its answer was lost on the way and it is sent again', async () => {
  let [lost, decided] = [0, 0]
  // A proxy that hands the first request on, and breaks off before the answer.
  const proxy = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
      const answer = await fetch(`${baseUrl}${request.url}`, {
        method: request.method!,
        headers: headers as Record<string, string>,
        body: Buffer.concat(chunks),
      })
      const body = await answer.text()
      if (lost++ === 0) return void request.socket.destroy()
      decided = answer.status
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body)
    })()
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
  const { port } = proxy.address() as AddressInfo
  const behind = openClient({ baseUrl: `http://127.0.0.1:${port}`, token: asked.tokenOf('analyst bob'), pauseMs: 1 })
  const model = sha256('noord hba1c')
  const reason = 'through a bad line'
  const view = await behind.post('/v1/models/{model}/decisions', {
    path: { model },
    body: { state: 'payable', reason },
  })
  expect([lost, decided, view.state]).toEqual([2, 201, 'payable'])
  expect(view.decisions.filter((each) => each.reason === reason)).toHaveLength(1)
  proxy.close()
})

test('a run is asked for, called off, and its job is over', async () => {
  const job = await client.post('/v1/contracts/{contract}/runs', { path: { contract: 'noord' }, body: {} })
  expect(job.state).toBe('waiting')
  await client.post('/v1/jobs/{job}/cancel', { path: { job: job.job_id } })
  expect((await client.finished(job.job_id, 10)).state).toBe('cancelled')
})
