/** The types of the client are those that the description of the API gives; `npm run openapi` writes them. */
import openapiTS, { astToString } from 'openapi-typescript'
import { format } from 'prettier'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../support/services/running-app.ts'

const HEAD = '/** The types of the API, generated from its description: `npm run openapi`; not to be edited. */\n\n'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

test('client/schema.ts is current: npm run openapi', async () => {
  const document = (await asked.app.inject('/openapi.json')).body
  // what the document has none of
  const types = astToString(await openapiTS(document)).replaceAll(/^export type (webhooks|\$defs) = .*$/gm, '')
  const options = {
    parser: 'typescript',
    printWidth: 120,
    semi: false,
    singleQuote: true,
    trailingComma: 'all',
  } as const
  await expect(HEAD + (await format(types, options))).toMatchFileSnapshot('../../client/schema.ts')
})
