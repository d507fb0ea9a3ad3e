/** The profile of a delivery, asked for. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

test('an analyst gets the profile of the latest delivery, or of the one of a day; nobody else does', async () => {
  const latest = await asked.ask('analyst ann', '/v1/deliveries/profile')
  expect(latest.statusCode).toBe(200)
  const profile = latest.json()
  expect(profile).toMatchObject({
    region: 'noord',
    hidden_below: 10,
    readings: 152,
    measures: [{ measure: 'hba1c', patients: 152, quantiles: [55, 55, 55], units: [], preferred: [5] }],
    late: { readings: 0 },
  })
  const again = await asked.ask(
    'analyst ann',
    `/v1/deliveries/profile?region=noord&delivered_on=${profile.delivered_on}`,
  )
  expect(again.json()).toEqual(profile)
  expect((await asked.ask('partner p01', '/v1/deliveries/profile')).statusCode).toBe(403)
})

test.each([
  ['delivered_on=2019-01-01', 404, 'Region "noord" has delivered nothing on 2019-01-01.'],
  ['delivered_on=yesterday', 400, 'a day is written YYYY-MM-DD'],
  ['region=zuid', 404, 'There is no region "zuid"'],
])('%s is refused in a sentence', async (query, status, sentence) => {
  const answer = await asked.ask('analyst ann', `/v1/deliveries/profile?${query}`)
  expect(answer.statusCode).toBe(status)
  expect(answer.json().detail).toContain(sentence)
})
