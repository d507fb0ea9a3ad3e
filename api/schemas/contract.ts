/** Contracts over HTTP. */
import { Type, type Static } from 'typebox'

export const ContractHead = Type.Object({
  contract: Type.String(),
  contract_sha256: Type.String(),
  title: Type.String(),
  programme: Type.String(),
  period: Type.Object({ start: Type.String(), end: Type.String() }),
})

export const ContractView = Type.Intersect([
  ContractHead,
  Type.Object({
    yaml: Type.String({
      description: 'the contract as it was handed in; to research without the partners that it names',
    }),
  }),
])

export type ContractHead = Static<typeof ContractHead>
