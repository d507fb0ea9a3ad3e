/** Contracts: handed in as YAML or JSON and checked by the engine's own rules, listed, read. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { contractFileOf } from '../../data/region/contract-file.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import {
  appendContract,
  contractOfRegion,
  listContracts,
  yamlWithoutPartners,
  type StoredContract,
} from '../../data/region/contracts.ts'
import { regionProgrammes } from '../../data/region/region-programmes.ts'
import type { Reader } from '../../data/access/keys.ts'
import { asSigner } from '../../data/access/request-store.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readerOf } from '../plugins/access.ts'
import { textOfBody } from '../plugins/bodies.ts'
import { ContractHead, ContractView } from '../schemas/contract.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml']

/** The longest contract that is taken: one of thousands of partners has a tenth. */
const CONTRACT_BYTES = 1_000_000

const headOf = ({ contract, contractSha256 }: StoredContract): ContractHead => ({
  contract: contract.contract,
  contract_sha256: contractSha256,
  title: contract.title,
  programme: contract.programme,
  period: contract.period,
})

const CONTRACTS: Listing<StoredContract> = {
  sorts: {
    contract: { kind: 'text', of: ({ contract }) => contract.contract },
    programme: { kind: 'text', of: ({ contract }) => contract.programme },
    period_start: { kind: 'day', of: ({ contract }) => contract.period.start },
  },
  id: { kind: 'text', of: ({ contractSha256 }) => contractSha256 },
  first: 'contract',
}

/** A partner or insurer sees the contracts that concern it: those that name it, and those that leave nobody out. */
const concerns = ({ role, subject }: Reader, { contract }: StoredContract): boolean => {
  if (role === 'partner') return contract.partners?.includes(subject) ?? !contract.control.includes(subject)
  if (role === 'insurer') return contract.insurers?.includes(subject) ?? true
  return true
}

export const contractRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    textOfBody(request, body),
  )

  app.post(
    '/contracts',
    {
      bodyLimit: CONTRACT_BYTES,
      schema: {
        tags: ['contracts'],
        summary: 'Hand in a contract',
        description: 'As YAML (application/yaml) or as the same document in JSON. The same contract twice is one.',
        body: {
          content: {
            ...Object.fromEntries(YAML_TYPES.map((type) => [type, { schema: Type.String({ minLength: 1 }) }])),
            'application/json': { schema: Type.Object({}, { additionalProperties: true }) },
          },
        },
        response: {
          201: ContractHead,
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          422: Unprocessable,
        },
      },
    },
    async (request, reply) => {
      const identity = readerOf(request)
      const body: unknown = request.body
      const yaml = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
      const programmes = await regionProgrammes(request.store.pool, identity.regionId, '9999-12-31')
      const { contract, contractSha256 } = contractFileOf(yaml, 'the contract', programmes)
      await asSigner(app.sharedStore, identity, (store) =>
        appendContract(store, identity.regionId, { contract, contractSha256, yaml }),
      )
      return reply
        .code(201)
        .header('location', `/v1/contracts/${encodeURIComponent(contract.contract)}`)
        .send(headOf({ contract, contractSha256, yaml }))
    },
  )

  app.get(
    '/contracts',
    {
      schema: {
        tags: ['contracts'],
        summary: 'The latest of every contract of the region',
        querystring: Type.Object({ programme: Type.Optional(Type.String()), ...pageQuery(CONTRACTS) }),
        response: { 200: Page(ContractHead), 400: BadRequest, 401: Unauthorised },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { programme, ...page } = request.query
      const known = (await listContracts(request.store, reader.regionId)).filter(
        (stored) => concerns(reader, stored) && (programme ?? stored.contract.programme) === stored.contract.programme,
      )
      return pageOfAll(CONTRACTS, page, known, headOf)
    },
  )

  app.get(
    '/contracts/:contract',
    {
      schema: {
        tags: ['contracts'],
        summary: 'One contract, by its id (the latest) or its hash',
        params: Type.Object({ contract: Type.String() }),
        response: { 200: ContractView, 401: Unauthorised, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const stored = await contractOfRegion(request.store, reader.regionId, request.params.contract)
      if (!concerns(reader, stored))
        throw new Refusal('unknown_contract', `There is no contract "${request.params.contract}"; hand it in first.`)
      const yaml = reader.role === 'researcher' ? yamlWithoutPartners(stored.yaml) : stored.yaml
      return { ...headOf(stored), yaml }
    },
  )
}
