/** The kinds of partner that a region's files may name (interface.md 1). */
export const PARTNER_KINDS = [
  'gp_practice',
  'care_group',
  'hospital',
  'diagnostic_centre',
  'mental_health',
  'home_care',
  'patient_organisation',
] as const
