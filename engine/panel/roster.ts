/** The roster of a contract: its partners, controls and reference, and the care group that a practice counts under. */
import type { Contract } from '../contract/contract.ts'
import type { Panel, PanelPartner } from './panel.ts'
import { Refusal } from '../kernel/refusal.ts'

/** All columns run along the partners of the region (`Panel.partners`, ascending by partner_id). */
export interface Roster {
  readonly partnerIds: readonly string[]
  /** 1: a partner of the contract */
  readonly contract: Uint8Array
  readonly control: Uint8Array
  readonly reference: Uint8Array
  /** the partner under which a practice counts everywhere: index in `partnerIds` */
  readonly credited: Int32Array
}

/** The roster of a contract in a region (method.md 1): a practice whose `member_of` is a partner that the contract names
 *  (its own, a control, of the reference) counts under that partner, every other partner stands for itself. A practice
 *  that is named in a list of higher precedence than its group's stands for itself too.
 *  @param enrolled partner_ids with an enrolment in the programme: the contract's partners where it names none
 *  @throws Refusal where the contract names a partner that the region does not have, or has no partner at all */
export function rosterOf(contract: Contract, partners: readonly PanelPartner[], enrolled: ReadonlySet<string>): Roster {
  const partnerIds = partners.map((partner) => partner.partnerId)
  const at = new Map(partnerIds.map((id, index) => [id, index]))
  const control = new Set(contract.control)
  const isControl = ({ partnerId, memberOf }: PanelPartner) => control.has(partnerId) || control.has(memberOf ?? '')
  const enrolling = partners.filter((partner) => enrolled.has(partner.partnerId) && !isControl(partner))
  const own = contract.partners ?? enrolling.map(({ partnerId }) => partnerId)
  if (own.length === 0)
    throw new Refusal(
      'no_partners',
      `contract ${contract.contract} has no partner: nobody in this region is enrolled in ${contract.programme}; name the partners, or import their enrolments`,
    )
  const flags = (ids: readonly string[], path: string) => flagsOf(ids, path, at, contract.contract)
  const contractFlags = flags(own, 'partners')
  const controlFlags = flags(contract.control, 'control')
  const reference = contract.reference.partners
  // In order of precedence: an earlier list wins.
  const named = [contractFlags, controlFlags, ...(reference === null ? [] : [flags(reference, 'reference.partners')])]
  const rankOf = (index: number) => named.findIndex((list) => list[index] === 1) + 1 || Infinity
  return {
    partnerIds,
    contract: contractFlags,
    control: controlFlags,
    reference: flags(reference ?? partnerIds, 'reference.partners'),
    credited: Int32Array.from(partners, (partner, index) => {
      const group = partner.memberOf === null ? undefined : at.get(partner.memberOf)
      if (group === undefined || rankOf(group) === Infinity) return index
      return contractFlags[group] === 1 || rankOf(group) < rankOf(index) ? group : index
    }),
  }
}

function flagsOf(ids: readonly string[], path: string, at: ReadonlyMap<string, number>, contract: string): Uint8Array {
  const flags = new Uint8Array(at.size)
  for (const id of ids) {
    const index = at.get(id)
    if (index === undefined)
      throw new Refusal(
        'unknown_partner',
        `contract ${contract}, ${path}: partner "${id}" is not in partners.csv of this region; correct the id, or import the partner`,
        { path, partnerId: id },
      )
    flags[index] = 1
  }
  return flags
}

/** The partner_ids with an enrolment in the programme among the patients of one panel. */
export const enrolledPartnersOf = (panel: Panel): Set<string> =>
  new Set(Array.from(new Set(panel.enrolments.partner), (index) => panel.partners[index]?.partnerId ?? ''))

/** Indices of the flags that are set, ascending. */
export const indicesOf = (flags: Uint8Array): number[] => [...flags.keys()].filter((index) => flags[index] === 1)
