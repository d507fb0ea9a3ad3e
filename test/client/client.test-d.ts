/** What a program that uses the client cannot get wrong: the compiler refuses it. */
import { openClient } from '../../client/client.ts'

const client = openClient({ baseUrl: 'http://127.0.0.1', token: '' })

// Right as they stand.
void client.get('/v1/settlements', {})
void client.get('/v1/settlements', { query: { contract: 'dm2-2025', limit: 10, sort: '-as_of' } })
void client.post('/v1/jobs/{job}/cancel', { path: { job: '0123abcd' }, key: 'mine' })
const page = await client.get('/v1/models', {})
const state: 'draft' | 'validated' | 'payable' | 'retired' | undefined = page.items[0]?.state
void state

// @ts-expect-error -- no such address
void client.get('/v1/settlement', {})
// @ts-expect-error -- nothing is posted there
void client.post('/v1/models', {})
// @ts-expect-error -- the settlement is not named
void client.get('/v1/settlements/{settlement}', {})
// @ts-expect-error -- no such filter
void client.get('/v1/settlements', { query: { colour: 'red' } })
// @ts-expect-error -- a model is made payable or retired, nothing else
void client.post('/v1/models/{model}/decisions', { path: { model: '' }, body: { state: 'draft', reason: '' } })
// @ts-expect-error -- a decision has a reason
void client.post('/v1/models/{model}/decisions', { path: { model: '' }, body: { state: 'payable' } })
// @ts-expect-error -- an item has no such field
void page.items[0]?.colour
