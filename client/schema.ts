/** The types of the API, generated from its description: `npm run openapi`; not to be edited. */

export interface paths {
  '/metrics': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Figures on the service, for Prometheus
     * @description For who asks on the machine itself, or with the token of WINST_METRICS_TOKEN where that is set.
     */
    get: operations['getMetrics']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Whether the process lives
     * @description Says nothing of what it works with; /ready does.
     */
    get: operations['getHealth']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/ready': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Whether it can answer: the store, its schema and the queue
     * @description Within two seconds or so, whatever is lost.
     */
    get: operations['getReady']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/openapi.json': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** This description */
    get: operations['getOpenapiJson']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/regions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The region that the token is of */
    get: operations['listRegions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/keys': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The keys of the region, those withdrawn and over too */
    get: operations['listKeys']
    put?: never
    /** Give out a key of this region; its token is in this answer and in no other */
    post: operations['postKeys']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/keys/{key}/revocation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Withdraw a key: its holder is shut out from now on */
    post: operations['postKeyRevocation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/audit': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Who did or looked at what, the latest first */
    get: operations['listAudit']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/audit/heads': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Where the chain of the region ends, for whoever keeps it to check it later */
    get: operations['listAuditHeads']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/audit/verification': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Whether the audit log of the region and the ledger are as they were written, entry by entry */
    get: operations['getAuditVerification']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/contracts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The latest of every contract of the region */
    get: operations['listContracts']
    put?: never
    /**
     * Hand in a contract
     * @description As YAML (application/yaml) or as the same document in JSON. The same contract twice is one.
     */
    post: operations['postContracts']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/contracts/{contract}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One contract, by its id (the latest) or its hash */
    get: operations['getContract']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries/profile': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What a delivery looks like, and what in it deserves a second look
     * @description As in profile.json, computed on request. No figure of fewer than 10 people is disclosed.
     */
    get: operations['getDeliveriesProfile']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What the region has handed in, the latest first */
    get: operations['listDeliveries']
    put?: never
    /**
     * Hand in a delivery of your region
     * @description As a zip or tar archive (.tar.gz too), or as a form with each file under its name. It is imported as `winst import` does it, all of it or nothing; the job tells how. The same files under the same choices are the same job.
     */
    post: operations['uploadDelivery']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries/{delivery}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One delivery: its files, and how many rows of each were taken */
    get: operations['getDelivery']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries/{delivery}/rejects': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The rows that were not taken, with the reason of each */
    get: operations['downloadRejects']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries/{delivery}/warnings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The rows of which a cell was left blank or read otherwise */
    get: operations['downloadWarnings']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries/{delivery}/practices': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The practices with rows to look at, most rows first */
    get: operations['listPracticesWithIssues']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/deliveries/{delivery}/practices/{practice}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What one practice can mend, in its language */
    get: operations['downloadIssuesOfPractice']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/contracts/{contract}/runs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Ask for a contract to be settled
     * @description The same contract on the same data is the same job: asking again joins it.
     */
    post: operations['requestRun']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/runs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What was computed, from which data and contract; the latest state of the data first */
    get: operations['listRuns']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/runs/{run}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One run */
    get: operations['getRun']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/runs/{run}/expectations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What was expected of each patient for one outcome, and what followed
     * @description Rows of persons: a partner gets its own patients. In the unit of the measure.
     */
    get: operations['listExpectations']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/work': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Who still has to be measured, by the day on which the window closes
     * @description Patients who would be missing if the contracts under way were settled as known on the day, by the rule of the settlement. A partner sees its own patients. There are no amounts in it, and nothing that is expected of anybody.
     */
    get: operations['getWork']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/jobs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The jobs of the region, or those that you asked for; the latest first */
    get: operations['listJobs']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/jobs/{job}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How far a job is, and what it gave
     * @description A job that was refused is failed, with the refusal. Of one that stopped on a fault of the program the refusal is job_failed; the log of the worker tells more.
     */
    get: operations['getJob']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/jobs/{job}/events': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The progress of a job, as server-sent events
     * @description Events `progress` and, at the end, `end`; each has a job as its data. A client that sends the Last-Event-ID it has seen is told what changed since.
     */
    get: operations['watchJob']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/jobs/{job}/cancel': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Call a job off
     * @description One that waits is taken out of the queue; one that is under way stops at its next part, and what it has stored stays. GET the job until it is cancelled.
     */
    post: operations['cancelJob']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/programmes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The programmes of the region: those built in, and those that it delivered */
    get: operations['listProgrammes']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/programmes/{programme}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One programme */
    get: operations['getProgramme']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/partners': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The partners of the region */
    get: operations['listPartners']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/partners/{partner}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One partner */
    get: operations['getPartner']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/patients': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Patients with their enrolments
     * @description A partner gets those that are or were enrolled with it; insurers and researchers none.
     */
    get: operations['listPatients']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/patients/{patient}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One patient */
    get: operations['getPatient']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Settlements, the latest state of the data first
     * @description With contract, region and as_of: the first of the list is the one that held on that day.
     */
    get: operations['listSettlements']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * One settlement
     * @description Analysts see every panel that is large enough, insurers their own amounts, partners themselves among nameless others, researchers no money.
     */
    get: operations['getSettlement']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/partners/{partner}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The statement of one partner */
    get: operations['getSettlementPartner']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/report': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The statement a board reads, as a page */
    get: operations['getSettlementReport']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/life': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What was done to a settlement, by whom and when, and what it pays */
    get: operations['getSettlementLife']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/{act}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Review, release, reject or pay a settlement
     * @description In the name of whoever was let in, on the day of the database. An analyst reviews; each insurer approves its share, and the last approval releases it; who approved a share does not pay it.
     */
    post: operations['postSettlementAct']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/ledger/head': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The head of the ledger: whoever keeps it can detect any change of earlier entries */
    get: operations['getLedgerHead']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/ledger': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The accounts of the region: expected, owed, paid and open, in cents
     * @description An insurer and a partner read their own accounts. Debits less credits: what an insurer pays is below 0.
     */
    get: operations['getLedger']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/bundle': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What an insurer’s own amounts follow from, in one sealed file
     * @description winst verify FILE computes its cents anew, offline. Nobody else’s persons or amounts are in it.
     */
    get: operations['getSettlementBundle']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/payments': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Payments, the latest first */
    get: operations['listPayments']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/dispute-previews': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * What would change if the partner is right; nothing is filed yet
     * @description Computed by the workers with the frozen models: ask for the preview until it is completed.
     */
    post: operations['postSettlementDisputePreviews']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/dispute-previews/{preview}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The effect of a dispute in cents, once it is computed */
    get: operations['getDisputePreview']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/dispute-previews/{preview}/file': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** File what was previewed, until the deadline */
    post: operations['postDisputePreviewFile']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/disputes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The disputes about a settlement, in the order in which they were filed */
    get: operations['listSettlementDisputes']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/disputes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The disputes of the region that concern you, in the order in which they were filed */
    get: operations['listDisputes']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/disputes/{dispute}/ruling': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Give a verdict on a dispute; if it is upheld, the facts change from today and a correction is run
     * @description By each insurer that it concerns: one that dismisses it dismisses it, and it is upheld when all uphold it.
     */
    post: operations['postDisputeRuling']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/calculation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Every payment worked out from patients to cents, the bridge to the total, and what a payment depends on
     * @description Each equation holds as written, in decimals given as text. A partner sees its own, an insurer its share without arithmetic; a small panel gets its payment only.
     */
    get: operations['getSettlementCalculation']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/partners/{partner}/receipt': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How the payment of one partner came about, to the patient and the source row
     * @description Rows of persons: never for insurers and researchers. A partner sees its own patients, without the claims of others. A small panel gets its payment only.
     */
    get: operations['getSettlementPartnerReceipt']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/differences': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Ask what changed since another settlement of the same contract
     * @description The same two settlements are the same job: asking again joins it. GET the difference when the job is completed.
     */
    post: operations['postSettlementDifferences']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/differences': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Between which settlements differences were computed, the latest first */
    get: operations['listDifferences']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/difference': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What changed since another settlement of the same contract, to the cent, by cause
     * @description A partner sees its own row. The other way round has every sign turned.
     */
    get: operations['getSettlementDifference']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/settlements/{settlement}/outcomes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Expected against realised, by group
     * @description Means on the health scale: in the unit of the measure, higher always better. Figures are null where fewer than 10 people, or a difference of groups, would show. An insurer gets its own insured, a partner its own patients.
     */
    get: operations['listSettlementOutcomes']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/questions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The register of questions of the region, the latest first */
    get: operations['listQuestions']
    put?: never
    /**
     * Register a question with its analysis plan
     * @description Before its answer is shown. The same question by the same person is one. Refused are breakdowns that would single out fewer than ten people.
     */
    post: operations['postQuestions']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/questions/{question}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** A question with its analysis plan */
    get: operations['getQuestion']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/questions/{question}/answer': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The answer to a question, the same bytes every time
     * @description Opened by a researcher, and kept; analysts and auditors read what was opened. As JSON, or as a file: CSV, Apache Parquet, Apache Arrow.
     */
    get: operations['getQuestionAnswer']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Models, the one decided on last first */
    get: operations['listModels']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models/{model}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** One model: its card, who decided what about it, and its calibration month by month since */
    get: operations['getModel']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/models/{model}/decisions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Make a model payable, or retire it
     * @description The name is that of the token: who prepared the model cannot make it payable. payable needs validated; payable again says that somebody looked at a drift alarm.
     */
    post: operations['postModelDecisions']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}

export interface components {
  schemas: {
    /**
     * @description Why a request was refused
     * @example {
     *       "type": "about:blank",
     *       "title": "Not Found",
     *       "status": 404,
     *       "detail": "There is no contract \"dm2-2026\"; hand it in first.",
     *       "code": "unknown_contract",
     *       "facts": {
     *         "contract": "dm2-2026"
     *       }
     *     }
     */
    Problem: {
      /** @description about:blank: the status and the code say it all */
      type: string
      title: string
      status: number
      /** @description what was found, where, and what would be right */
      detail: string
      /** @description the refusal, for programs */
      code: string
      facts?: {
        [key: string]: unknown
      }
    }
  }
  responses: {
    /** @description The request is not what the schema asks for */
    BadRequest: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description No token, or one that is not known */
    Unauthorized: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description More is asked in a minute than one is given; Retry-After says when to ask again */
    TooManyRequests: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The program is at fault; the id of the request leads to the log */
    InternalServerError: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The database, the queue or the process does not keep up; Retry-After says when to ask again */
    ServiceUnavailable: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The role of the token may not do this */
    Forbidden: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description What the request is about is not in the state that it takes for granted */
    Conflict: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The body is too long */
    PayloadTooLarge: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The body is of a type that is not read */
    UnsupportedMediaType: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The content breaks a rule; the sentence names the place */
    UnprocessableEntity: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description There is no such thing, or the token may not know of it */
    NotFound: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description A part of the address is longer than any id */
    URITooLong: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The body is longer than any document that is handed in */
    PayloadTooLarge2: {
      headers: {
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
  }
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}

export interface operations {
  getMetrics: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description as text */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/plain': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getHealth: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'ok'
          }
        }
      }
      400: components['responses']['BadRequest']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getReady: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            status: 'ready' | 'not_ready'
            database: 'ok' | 'down'
            schema: 'ok' | 'behind' | 'unknown'
            queue: 'ok' | 'down'
            queue_on: 'redis' | 'postgres'
            /** @description a sentence for each thing that is missing */
            missing: string[]
          }
        }
      }
      400: components['responses']['BadRequest']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      /** @description Default Response */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            status: 'ready' | 'not_ready'
            database: 'ok' | 'down'
            schema: 'ok' | 'behind' | 'unknown'
            queue: 'ok' | 'down'
            queue_on: 'redis' | 'postgres'
            /** @description a sentence for each thing that is missing */
            missing: string[]
          }
        }
      }
    }
  }
  getOpenapiJson: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OpenAPI 3.1 */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            [key: string]: unknown
          }
        }
      }
      400: components['responses']['BadRequest']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listRegions: {
    parameters: {
      query?: {
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'region' | '-region'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              region: string
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listKeys: {
    parameters: {
      query?: {
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'issued' | '-issued' | 'expires' | '-expires' | 'subject' | '-subject'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              /** @description what a key is called; it lets nobody in */
              key: string
              /** @enum {string} */
              role: 'analyst' | 'insurer' | 'partner' | 'researcher' | 'auditor' | 'administrator'
              /** @description an insurer's UZOVI code, a partner's id, or the name of a person */
              subject: string
              /** @description read: looks and does nothing, whatever its role may */
              scope: 'act' | 'read'
              issued_by: string
              issued_at: string
              expires_at: string
              revoked_at: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postKeys: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "role": "partner",
         *       "subject": "p01"
         *     }
         */
        'application/json': {
          /** @enum {string} */
          role: 'analyst' | 'insurer' | 'partner' | 'researcher' | 'auditor' | 'administrator'
          subject: string
          /** @description how long it holds */
          days?: number
          /** @description read: looks and does nothing, whatever its role may */
          scope?: 'act' | 'read'
        }
      }
    }
    responses: {
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @description what a key is called; it lets nobody in */
            key: string
            /** @description shown now and never again */
            token: string
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postKeyRevocation: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description what a key is called; it lets nobody in
         * @example 0123456789abcdef
         */
        key: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @description what a key is called; it lets nobody in */
            key: string
            /** @enum {string} */
            role: 'analyst' | 'insurer' | 'partner' | 'researcher' | 'auditor' | 'administrator'
            /** @description an insurer's UZOVI code, a partner's id, or the name of a person */
            subject: string
            /** @description read: looks and does nothing, whatever its role may */
            scope: 'act' | 'read'
            issued_by: string
            issued_at: string
            expires_at: string
            revoked_at: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listAudit: {
    parameters: {
      query?: {
        /** @description a person, or the insurer or partner in whose name */
        who?: string
        /**
         * @description a pseudonym: whoever looked at this patient
         * @example s0000026
         */
        patient?: string
        event?: 'look' | 'search' | 'read' | 'act' | 'sign_in' | 'lost'
        outcome?: 'allowed' | 'refused' | 'failed'
        /**
         * @description a day, that day included (UTC)
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        from?: string
        /** @description a day, that day included (UTC) */
        to?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'kept' | '-kept'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              audit_id: number
              /** @description its place in the chain of the region */
              seq: number
              /** @description by the clock of the database */
              at: string
              /** @enum {string} */
              event: 'look' | 'search' | 'read' | 'act' | 'sign_in' | 'lost'
              /** @description verb and template of the route, or the command */
              access_point: string
              role: string
              /** @description blank: nobody was let in */
              who: string
              on_behalf_of: string | null
              /** @description the key, the issuer of the token, or the command line */
              credential: string
              /** @enum {string} */
              purpose: 'settlement' | 'dispute' | 'research' | 'oversight' | 'care' | 'administration'
              /** @enum {string} */
              outcome: 'allowed' | 'refused' | 'failed'
              code: string | null
              object: {
                [key: string]: string
              }
              patients: string[]
              /** @description how many patients, where all of a settlement or region were read at once */
              everybody: number | null
              /** @description equal requests of one person within half a second are one event, but never looks */
              times: number
              hash: string
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listAuditHeads: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              region: string | null
              seq: number
              /** @description keep it elsewhere: winst audit --verify --kept SEQ:HASH then finds it */
              hash: string
            }[]
            /** @description there is no other page */
            next: null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getAuditVerification: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            audit: {
              /** @description place of the first that is not as it was written; null: the chain holds */
              broken_at: number | null
              /** @description what is wrong with it */
              fault: string | null
            }
            ledger: {
              /** @description place of the first that is not as it was written; null: the chain holds */
              broken_at: number | null
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listContracts: {
    parameters: {
      query?: {
        /** @example dm2 */
        programme?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'contract' | '-contract' | 'programme' | '-programme' | 'period_start' | '-period_start'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              contract: string
              contract_sha256: string
              title: string
              programme: string
              period: {
                start: string
                end: string
              }
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postContracts: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/yaml': string
        'application/x-yaml': string
        'text/yaml': string
        /**
         * @example {
         *       "contract": "dm2-2025",
         *       "title": "Gezondheidswinst DM2 2025",
         *       "programme": "dm2",
         *       "period": {
         *         "start": "2025-01-01",
         *         "end": "2025-12-31"
         *       },
         *       "reference": {
         *         "start": "2021-01-01",
         *         "end": "2024-12-31"
         *       },
         *       "outcomes": [
         *         {
         *           "measure": "hba1c",
         *           "price_eur": 12.5,
         *           "horizon_days": 365,
         *           "window_days": 120,
         *           "baseline_days": 450
         *         }
         *       ],
         *       "share": {
         *         "gain": 0.5,
         *         "loss": 0
         *       }
         *     }
         */
        'application/json': {
          [key: string]: unknown
        }
      }
    }
    responses: {
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            contract: string
            contract_sha256: string
            title: string
            programme: string
            period: {
              start: string
              end: string
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getContract: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example dm2-2025 */
        contract: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            contract: string
            contract_sha256: string
            title: string
            programme: string
            period: {
              start: string
              end: string
            }
          } & {
            /** @description the contract as it was handed in; to research without the partners that it names */
            yaml: string
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getDeliveriesProfile: {
    parameters: {
      query?: {
        /** @description left out: the only one */
        region?: string
        /**
         * @description YYYY-MM-DD; left out: the latest delivery
         * @example 2026-01-01
         */
        delivered_on?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            region: string
            delivered_on: string
            /** @description counts of fewer people than this are null, or left out */
            hidden_below: number
            readings: number | null
            measures: {
              [key: string]: unknown
            }[]
            missing: {
              [key: string]: unknown
            }[]
            pairs: {
              [key: string]: unknown
            }[]
            days: {
              [key: string]: unknown
            }[]
            late: {
              [key: string]: unknown
            }
            outside_lives: {
              [key: string]: unknown
            }[]
            causes: {
              [key: string]: unknown
            }[]
            sources: {
              [key: string]: string
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listDeliveries: {
    parameters: {
      query?: {
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'delivered_on' | '-delivered_on'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              delivery_id: number
              /** @description the day from which it is known, YYYY-MM-DD */
              delivered_on: string
              /** @description of the files read and the choices that shape their rows */
              content_sha256: string
              files: {
                name: string
                rows: number
                rejected: number
              }[]
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  uploadDelivery: {
    parameters: {
      query?: {
        format?: 'csv' | 'fhir' | 'omop' | 'his' | 'xlsx' | 'parquet' | 'jsonl'
        /**
         * @description YYYY-MM-DD; left out: the latest date in the data
         * @example 2026-01-01
         */
        delivered?: string
        /** @description share of rejected rows; left out: 0.05 */
        max_rejects?: string
        /** @description with the worker's key */
        pseudonymise?: 'true' | 'false'
      }
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/zip': unknown
        'application/x-tar': unknown
        'application/gzip': unknown
        'multipart/form-data': unknown
      }
    }
    responses: {
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            job_id: string
            /** @description what is done */
            kind: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
            /** @description forgotten: it ended so long ago that the queue no longer knows how */
            state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten'
            /** @description called off; what is being done comes to its end */
            stopping: boolean
            /** @description the parts of the stage it is at */
            progress: {
              stage: string
              done: number
              of: number
            } | null
            /** @description how many workers listen; 0: it waits until one does; null: it is over */
            workers: number | null
            /** @description contract, day, settlements or delivery, by id */
            about: {
              [key: string]: unknown
            }
            /** @description ids and counts of what was made; null until completed */
            result: unknown
            refusal: {
              code: string
              detail: string
              facts: {
                [key: string]: unknown
              }
            } | null
            requested_by: string
            /** @description ISO 8601, UTC */
            requested_at: string
            cancelled_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge2']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getDelivery: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        delivery: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            delivery_id: number
            /** @description the day from which it is known, YYYY-MM-DD */
            delivered_on: string
            /** @description of the files read and the choices that shape their rows */
            content_sha256: string
            files: {
              name: string
              rows: number
              rejected: number
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  downloadRejects: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        delivery: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description rejects.csv, byte for byte as the import wrote it */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/csv': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  downloadWarnings: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        delivery: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description warnings.csv, byte for byte as the import wrote it */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/csv': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listPracticesWithIssues: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        delivery: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              /** @description blank: rows of which no practice is known */
              practice_id: string
              rejected: number
              /** @description rows that were kept with a cell left blank or read otherwise */
              kept: number
            }[]
            /** @description there is no other page */
            next: null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  downloadIssuesOfPractice: {
    parameters: {
      query?: {
        lang?: 'nl' | 'en'
      }
      header?: never
      path: {
        /** @example 1 */
        delivery: number
        /**
         * @description `-`: rows of which no practice is known
         * @example p01
         */
        practice: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description rejected and kept rows, with what would be right */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/csv': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  requestRun: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /** @example dm2-2025 */
        contract: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "as_of": "2026-01-01"
         *     }
         */
        'application/json': {
          /** @description left out: the only one */
          region?: string
          /** @description YYYY-MM-DD; left out: the latest delivery */
          as_of?: string
        }
      }
    }
    responses: {
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            job_id: string
            /** @description what is done */
            kind: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
            /** @description forgotten: it ended so long ago that the queue no longer knows how */
            state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten'
            /** @description called off; what is being done comes to its end */
            stopping: boolean
            /** @description the parts of the stage it is at */
            progress: {
              stage: string
              done: number
              of: number
            } | null
            /** @description how many workers listen; 0: it waits until one does; null: it is over */
            workers: number | null
            /** @description contract, day, settlements or delivery, by id */
            about: {
              [key: string]: unknown
            }
            /** @description ids and counts of what was made; null until completed */
            result: unknown
            refusal: {
              code: string
              detail: string
              facts: {
                [key: string]: unknown
              }
            } | null
            requested_by: string
            /** @description ISO 8601, UTC */
            requested_at: string
            cancelled_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listRuns: {
    parameters: {
      query?: {
        /** @example dm2-2025 */
        contract?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'as_of' | '-as_of'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              run_id: string
              contract: string
              contract_sha256: string
              as_of: string
              /** @description of the data as they were known on as_of */
              dataset_sha256: string
              engine_version: string
              /** @description what came of it, where you may know of it; null: none */
              settlement_id: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getRun: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            run_id: string
            contract: string
            contract_sha256: string
            as_of: string
            /** @description of the data as they were known on as_of */
            dataset_sha256: string
            engine_version: string
            /** @description what came of it, where you may know of it; null: none */
            settlement_id: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listExpectations: {
    parameters: {
      query: {
        /**
         * @description an outcome of the contract
         * @example hba1c
         */
        measure: string
        /** @description 0: the contract year; 1 to 3: placebo years */
        years_before?: number
        /** @example p01 */
        partner?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'patient_id' | '-patient_id'
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              /** @description a pseudonym */
              patient_id: string
              partner_id: string
              practice_id: string
              insurer: string
              index_on: string
              target_on: string
              exposure_days: number
              status: string | null
              baseline: number | null
              mean: number | null
              sd: number | null
              q05: number | null
              q50: number | null
              q95: number | null
              expected_value: number | null
              realised: number | null
              realised_on: string | null
              realised_value: number | null
              gain: number | null
              contribution: number | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getWork: {
    parameters: {
      query?: {
        /**
         * @description YYYY-MM-DD; left out: the day of the latest delivery
         * @example 2026-01-01
         */
        as_of?: string
        /**
         * @description one contract; left out: all that are under way
         * @example dm2-2025
         */
        contract?: string
        /**
         * @description one measure
         * @example hba1c
         */
        measure?: string
        /**
         * @description one practice
         * @example p01
         */
        practice?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'window_to' | '-window_to' | 'practice' | '-practice'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            as_of: string
            items: {
              contract: string
              /** @description for whom the measurement counts */
              partner_id: string
              /** @description where the patient is enrolled */
              practice_id: string
              /** @description a pseudonym */
              patient_id: string
              measure: string
              /** @description a reading from this day */
              window_from: string
              /** @description through this day counts */
              window_to: string
              last_value_on: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
            /** @description items on all pages */
            total: number
            /** @description faults of the latest delivery known by then, most first */
            faults: {
              /** @description blank: rows of which no practice is known */
              practice_id: string
              /** @description rows that were not taken */
              rejected: number
              /** @description rows that were kept with a remark */
              kept: number
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listJobs: {
    parameters: {
      query?: {
        /** @description what is done */
        kind?: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'requested' | '-requested'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              job_id: string
              /** @description what is done */
              kind: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
              /** @description forgotten: it ended so long ago that the queue no longer knows how */
              state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten'
              /** @description called off; what is being done comes to its end */
              stopping: boolean
              /** @description the parts of the stage it is at */
              progress: {
                stage: string
                done: number
                of: number
              } | null
              /** @description how many workers listen; 0: it waits until one does; null: it is over */
              workers: number | null
              /** @description contract, day, settlements or delivery, by id */
              about: {
                [key: string]: unknown
              }
              /** @description ids and counts of what was made; null until completed */
              result: unknown
              refusal: {
                code: string
                detail: string
                facts: {
                  [key: string]: unknown
                }
              } | null
              requested_by: string
              /** @description ISO 8601, UTC */
              requested_at: string
              cancelled_by: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getJob: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        job: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            job_id: string
            /** @description what is done */
            kind: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
            /** @description forgotten: it ended so long ago that the queue no longer knows how */
            state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten'
            /** @description called off; what is being done comes to its end */
            stopping: boolean
            /** @description the parts of the stage it is at */
            progress: {
              stage: string
              done: number
              of: number
            } | null
            /** @description how many workers listen; 0: it waits until one does; null: it is over */
            workers: number | null
            /** @description contract, day, settlements or delivery, by id */
            about: {
              [key: string]: unknown
            }
            /** @description ids and counts of what was made; null until completed */
            result: unknown
            refusal: {
              code: string
              detail: string
              facts: {
                [key: string]: unknown
              }
            } | null
            requested_by: string
            /** @description ISO 8601, UTC */
            requested_at: string
            cancelled_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  watchJob: {
    parameters: {
      query?: never
      header?: {
        /** @example running.train.1 */
        'last-event-id'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        job: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description a stream that ends with the job, or after ten minutes */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/event-stream': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  cancelJob: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        job: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            job_id: string
            /** @description what is done */
            kind: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
            /** @description forgotten: it ended so long ago that the queue no longer knows how */
            state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten'
            /** @description called off; what is being done comes to its end */
            stopping: boolean
            /** @description the parts of the stage it is at */
            progress: {
              stage: string
              done: number
              of: number
            } | null
            /** @description how many workers listen; 0: it waits until one does; null: it is over */
            workers: number | null
            /** @description contract, day, settlements or delivery, by id */
            about: {
              [key: string]: unknown
            }
            /** @description ids and counts of what was made; null until completed */
            result: unknown
            refusal: {
              code: string
              detail: string
              facts: {
                [key: string]: unknown
              }
            } | null
            requested_by: string
            /** @description ISO 8601, UTC */
            requested_at: string
            cancelled_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listProgrammes: {
    parameters: {
      query?: {
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'programme' | '-programme'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              programme: string
              title: {
                nl: string
                en: string
              }
              measures: {
                measure: string
                title: {
                  nl: string
                  en: string
                }
                unit: string
                better: 'lower' | 'higher' | 'window'
                plausible: number[]
                /** @description the least difference that matters, in the unit */
                mcid: number | null
              }[]
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getProgramme: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example dm2 */
        programme: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            programme: string
            title: {
              nl: string
              en: string
            }
            measures: {
              measure: string
              title: {
                nl: string
                en: string
              }
              unit: string
              better: 'lower' | 'higher' | 'window'
              plausible: number[]
              /** @description the least difference that matters, in the unit */
              mcid: number | null
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listPartners: {
    parameters: {
      query?: {
        /**
         * @description as known on this day, YYYY-MM-DD; left out: the latest delivery
         * @example 2026-01-01
         */
        as_of?: string
        kind?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'partner_id' | '-partner_id' | 'name' | '-name'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              partner_id: string
              name: string
              kind: string
              agb: string | null
              member_of: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getPartner: {
    parameters: {
      query?: {
        /**
         * @description as known on this day, YYYY-MM-DD; left out: the latest delivery
         * @example 2026-01-01
         */
        as_of?: string
      }
      header?: never
      path: {
        /** @example p01 */
        partner: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            partner_id: string
            name: string
            kind: string
            agb: string | null
            member_of: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listPatients: {
    parameters: {
      query?: {
        /**
         * @description as known on this day, YYYY-MM-DD; left out: the latest delivery
         * @example 2026-01-01
         */
        as_of?: string
        /**
         * @description enrolled with it on the day
         * @example p01
         */
        partner?: string
        /**
         * @description enrolled in it on the day
         * @example dm2
         */
        programme?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'patient_id' | '-patient_id'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              /** @description a pseudonym */
              patient_id: string
              /** @description null: not known */
              birth_year: number | null
              sex: string
              postcode4: string | null
              insurer: string | null
              died_on: string | null
              enrolments: {
                programme: string
                partner_id: string
                started_on: string
                ended_on: string | null
              }[]
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getPatient: {
    parameters: {
      query?: {
        /**
         * @description as known on this day, YYYY-MM-DD; left out: the latest delivery
         * @example 2026-01-01
         */
        as_of?: string
      }
      header?: never
      path: {
        /** @example s0000026 */
        patient: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @description a pseudonym */
            patient_id: string
            /** @description null: not known */
            birth_year: number | null
            sex: string
            postcode4: string | null
            insurer: string | null
            died_on: string | null
            enrolments: {
              programme: string
              partner_id: string
              started_on: string
              ended_on: string | null
            }[]
            /** @description settlements that you may see, and the partner for whom the patient counts in each: its care group, where its practice is a member of one */
            counts_in: {
              settlement_id: string
              partner_id: string
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listSettlements: {
    parameters: {
      query?: {
        /** @example dm2-2025 */
        contract?: string
        region?: string
        /**
         * @description as known on this day, YYYY-MM-DD
         * @example 2026-01-01
         */
        as_of?: string
        /** @description prepared, reviewed, released, paid or rejected */
        state?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'as_of' | '-as_of' | 'contract' | '-contract'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              settlement_id: string
              contract: string
              region: string
              as_of: string
              /** @description first day of the year of the term that is settled; null: the contract has one period */
              period_start: string | null
              status: 'provisional' | 'final'
              /** @description prepared, reviewed, released, paid or rejected */
              state: string
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlement: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            settlement_id: string
            contract: string
            as_of: string
            status: 'provisional' | 'final'
            /** @description why it cannot be released; empty: nothing in its models keeps it */
            held: {
              code: string
              measure: string
              model_id: string
              sentence: string
            }[]
            engine_version: string
            dataset_sha256: string
            contract_sha256: string
            model_ids: {
              [key: string]: string | null
            }
            outcomes: {
              measure: string
              better: string
              trend: number
              trend_se: number
              tau2: number
              omega2: number
              /** @description absent from settlements of version 1 */
              kappa2?: number
              placebo_years: number
              collective_mean: number | null
              between_variance: number | null
              residual_sd: number | null
            }[]
            totals?: {
              /** @description whole eurocents */
              payment_cents: number
              /** @description whole eurocents */
              per_procedure_cents: number
              /** @description whole eurocents */
              bundled_cents: number
            }
            /** @description panels large enough to be shown; to a partner: itself */
            partners?: {
              partner_id: string
              patients: number
              eligible: number
              /** @description null: all but one to nine of the eligible */
              measured: number | null
              patient_years: number
              outcomes: {
                measure: string
                eligible: number
                /** @description null: all but one to nine of the eligible */
                measured: number | null
                patient_years: number
                mean_gain: number | null
                se: number | null
                history: number | null
                net_gain: number | null
                variance: number | null
                credibility: number | null
                credible_gain: number | null
                /** @description absent from settlements of version 1 */
                credible_variance?: number | null
              }[]
              value_eur_per_patient_year: number
              value_sd: number
              dead_band_eur: number
              shared_eur_per_patient_year: number
              reason: string | null
              gates: {
                gate: string
                passed: boolean
                weight: number
                evidence: string | null
              }[]
              gate_multiplier: number
              /** @description whole eurocents */
              payment_cents: number
              interval90_cents: number[]
              /** @description whole eurocents */
              per_procedure_cents: number
              /** @description whole eurocents */
              bundled_cents: number
              insurers: {
                insurer: string
                /** @description whole eurocents */
                cents: number
              }[]
              attribution: {
                kind: string
                /** @description whole eurocents */
                cents: number
              }[]
            }[]
            small_panels?: {
              partners: string[]
              /** @description null: fewer than ten people */
              eligible: number | null
              /** @description whole eurocents */
              payment_cents: number
              /** @description whole eurocents */
              per_procedure_cents: number
              /** @description whole eurocents */
              bundled_cents: number
            } | null
            /** @description to a partner: the others, without names, ascending; empty where they are few */
            others?: {
              value_eur_per_patient_year: number
            }[]
            insurer?: {
              insurer: string
              /** @description whole eurocents */
              payment_cents: number
              partners: {
                partner_id: string
                /** @description whole eurocents */
                cents: number
              }[]
              /** @description null: there are none */
              small_panels_cents: number | null
            }
            /** @description results whose window had not closed on the day of the settlement; to a partner its own. Outcomes of which a partner has one to nine missing are left out */
            to_come?: {
              /** @description missing so far; null: of one to nine people */
              results: number | null
              /** @description all results of the same outcomes, measured or missing */
              of: number
            }
            excluded?: {
              reason: string
              /** @description those put together where single ones are of fewer than ten */
              reasons: string[]
              patients: number | null
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementPartner: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
        /** @example p01 */
        partner: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            settlement_id: string
            contract: string
            as_of: string
            status: 'provisional' | 'final'
            partner_id: string
            /** @description too few patients to be shown on its own */
            small_panel: boolean
            /** @description whole eurocents */
            payment_cents?: number
            reason?: string | null
            statement?: {
              partner_id: string
              patients: number
              eligible: number
              /** @description null: all but one to nine of the eligible */
              measured: number | null
              patient_years: number
              outcomes: {
                measure: string
                eligible: number
                /** @description null: all but one to nine of the eligible */
                measured: number | null
                patient_years: number
                mean_gain: number | null
                se: number | null
                history: number | null
                net_gain: number | null
                variance: number | null
                credibility: number | null
                credible_gain: number | null
                /** @description absent from settlements of version 1 */
                credible_variance?: number | null
              }[]
              value_eur_per_patient_year: number
              value_sd: number
              dead_band_eur: number
              shared_eur_per_patient_year: number
              reason: string | null
              gates: {
                gate: string
                passed: boolean
                weight: number
                evidence: string | null
              }[]
              gate_multiplier: number
              /** @description whole eurocents */
              payment_cents: number
              interval90_cents: number[]
              /** @description whole eurocents */
              per_procedure_cents: number
              /** @description whole eurocents */
              bundled_cents: number
              insurers: {
                insurer: string
                /** @description whole eurocents */
                cents: number
              }[]
              attribution: {
                kind: string
                /** @description whole eurocents */
                cents: number
              }[]
            }
            steps?: {
              step: string
              /** @description EUR per patient-year */
              from_eur: number
              to_eur: number
            }[]
            tipping?: {
              partner_id: string
              /** @description no_bonus, nobody_missing, not_undone (no missing patient could), tips */
              verdict: string
              gap_sd: number | null
              /** @description the contract's pessimistic shift: a gap up to it is covered */
              covered_sd: number
              outcomes: {
                measure: string
                /** @description null: one to nine */
                missing: number | null
                eligible: number
                /** @description in the unit of the measure */
                gap: number | null
                gap_alone: number | null
                gap_alone_sd: number | null
              }[]
            }
            insurer?: {
              insurer: string
              /** @description whole eurocents */
              cents: number
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementReport: {
    parameters: {
      query?: {
        lang?: 'nl' | 'en'
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description HTML, whole in itself */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/html': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementLife: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            settlement_id: string
            contract: string
            as_of: string
            /** @description prepared, reviewed, released, paid or rejected */
            state: string
            /** @description final once released as such */
            status: string
            /** @description the acts that may follow */
            next: string[]
            /** @description what keeps it from being released */
            held_by: string[]
            events: {
              state: string
              /** @description the holder of the token, role:subject; of the preparation, who asked for it */
              by: string
              on: string
              note: string
              finality: string | null
            }[]
            /** @description the last day on which a dispute may be filed, and whether it has passed; null: nothing is released yet */
            disputes: {
              until: string
              past: boolean
            } | null
            /** @description to analysts every insurer, to an insurer its own, to partners none */
            shares: {
              /** @description UZOVI code; unknown: of nobody known, which an analyst signs for */
              insurer: string
              approved: {
                by: string
                on: string
                note: string
                finality: string
              } | null
              paid: {
                by: string
                on: string
              } | null
              /** @description whole eurocents */
              owed_cents: number
              /** @description whole eurocents */
              before_cents: number
              /** @description owed less paid before */
              due_cents: number
              /** @description to an insurer: what is due to each partner, of its own share; in all due_cents */
              pays?: {
                /** @description null: those that are too small to be told of, together */
                partner_id: string | null
                /** @description below 0 the partner pays back */
                due_cents: number
              }[]
            }[]
            /** @description to analysts every partner, to a partner itself, to insurers nothing */
            pays: {
              partner_id: string
              /** @description whole eurocents */
              owed_cents: number
              /** @description whole eurocents */
              before_cents: number
              /** @description owed less paid before; below 0 the partner pays back */
              due_cents: number
            }[]
            /** @description advances on the bundled tariff, set off against that alone; to analysts every partner that had any, to a partner itself, to insurers nothing */
            segment2: {
              partner_id: string
              /** @description whole eurocents */
              bundled_cents: number
              /** @description whole eurocents */
              advanced_cents: number
              /** @description bundled sum less advances, still to be invoiced; below 0 to be paid back of the tariff */
              remainder_cents: number
            }[]
            /** @description the head of the ledger: whoever keeps it can detect any change of earlier entries; null: nothing posted */
            ledger_head: {
              seq: number
              hash: string
            } | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postSettlementAct: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
        /** @example review */
        act: 'review' | 'release' | 'reject' | 'pay'
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "note": "looked at with the care group"
         *     }
         */
        'application/json': {
          note?: string
          /** @description of a release or payment: whose share; left out: your own, of an analyst that of nobody known, or every share still to be paid */
          insurer?: string
          /** @description of a release: provisional pays the advance share; left out: final */
          finality?: 'provisional' | 'final'
        }
      }
    }
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            settlement_id: string
            contract: string
            as_of: string
            /** @description prepared, reviewed, released, paid or rejected */
            state: string
            /** @description final once released as such */
            status: string
            /** @description the acts that may follow */
            next: string[]
            /** @description what keeps it from being released */
            held_by: string[]
            events: {
              state: string
              /** @description the holder of the token, role:subject; of the preparation, who asked for it */
              by: string
              on: string
              note: string
              finality: string | null
            }[]
            /** @description the last day on which a dispute may be filed, and whether it has passed; null: nothing is released yet */
            disputes: {
              until: string
              past: boolean
            } | null
            /** @description to analysts every insurer, to an insurer its own, to partners none */
            shares: {
              /** @description UZOVI code; unknown: of nobody known, which an analyst signs for */
              insurer: string
              approved: {
                by: string
                on: string
                note: string
                finality: string
              } | null
              paid: {
                by: string
                on: string
              } | null
              /** @description whole eurocents */
              owed_cents: number
              /** @description whole eurocents */
              before_cents: number
              /** @description owed less paid before */
              due_cents: number
              /** @description to an insurer: what is due to each partner, of its own share; in all due_cents */
              pays?: {
                /** @description null: those that are too small to be told of, together */
                partner_id: string | null
                /** @description below 0 the partner pays back */
                due_cents: number
              }[]
            }[]
            /** @description to analysts every partner, to a partner itself, to insurers nothing */
            pays: {
              partner_id: string
              /** @description whole eurocents */
              owed_cents: number
              /** @description whole eurocents */
              before_cents: number
              /** @description owed less paid before; below 0 the partner pays back */
              due_cents: number
            }[]
            /** @description advances on the bundled tariff, set off against that alone; to analysts every partner that had any, to a partner itself, to insurers nothing */
            segment2: {
              partner_id: string
              /** @description whole eurocents */
              bundled_cents: number
              /** @description whole eurocents */
              advanced_cents: number
              /** @description bundled sum less advances, still to be invoiced; below 0 to be paid back of the tariff */
              remainder_cents: number
            }[]
            /** @description the head of the ledger: whoever keeps it can detect any change of earlier entries; null: nothing posted */
            ledger_head: {
              seq: number
              hash: string
            } | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getLedgerHead: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description the head of the ledger: whoever keeps it can detect any change of earlier entries; null: nothing posted */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            seq: number
            hash: string
          } | null
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getLedger: {
    parameters: {
      query?: {
        /** @example dm2-2025 */
        contract?: string
        /**
         * @description posted and released up to and including this day, YYYY-MM-DD
         * @example 2026-03-31
         */
        posted_on?: string
        /** @description recorded up to and including this entry (seq of a head) */
        recorded?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @description the head of the ledger: whoever keeps it can detect any change of earlier entries; null: nothing posted */
            head: {
              seq: number
              hash: string
            } | null
            accounts: {
              contract: string
              /** @description insurer, coalition, partner or chain */
              account: string
              /** @description UZOVI code or partner_id; empty: the coalition */
              party: string
              /** @description of settlements that are not released: by how much owed would change */
              expected_cents: number
              /** @description of released settlements */
              owed_cents: number
              /** @description whole eurocents */
              paid_cents: number
              /** @description owed less paid */
              open_cents: number
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementBundle: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description a gzip file of parts, with their hashes */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/gzip': unknown
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listPayments: {
    parameters: {
      query?: {
        /** @example 3f79bb7b */
        settlement?: string
        /** @example dm2-2025 */
        contract?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'paid_on' | '-paid_on'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              payment_id: string
              contract: string
              /** @description null: an advance */
              settlement_id: string | null
              /** @description whose share; empty: an advance of the coalition, or all insurers at once */
              insurer: string
              /** @description the quarter day that an advance is for */
              advance_on: string | null
              paid_by: string
              paid_on: string
              /** @description what partners got by it, below 0 what they paid back; to a partner its own */
              cents: number
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postSettlementDisputePreviews: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "kind": "not_our_patient",
         *       "partner_id": "p01",
         *       "patient_id": "s0000026"
         *     }
         */
        'application/json':
          | {
              /** @enum {string} */
              kind: 'not_our_patient'
              partner_id: string
              patient_id: string
            }
          | {
              /** @enum {string} */
              kind: 'value_wrong'
              partner_id: string
              patient_id: string
              measure: string
              /** @description YYYY-MM-DD */
              observed_on: string
              /** @description in the measure's unit; null: there was no reading */
              value: number | null
            }
      }
    }
    responses: {
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            preview_id: string
            /** @description waiting, running, completed or failed */
            state: string
            effect: {
              partner_id: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            } | null
            /** @description what insurers pay in all: to an insurer its own, to a partner none */
            insurer_effects: {
              insurer: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            }[]
            /** @description how many other partners would be paid otherwise: the settlement is computed anew for all */
            others_moved: number
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getDisputePreview: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        preview: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            preview_id: string
            /** @description waiting, running, completed or failed */
            state: string
            effect: {
              partner_id: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            } | null
            /** @description what insurers pay in all: to an insurer its own, to a partner none */
            insurer_effects: {
              insurer: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            }[]
            /** @description how many other partners would be paid otherwise: the settlement is computed anew for all */
            others_moved: number
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postDisputePreviewFile: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        preview: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "evidence": "The patient moved to another practice in 2024."
         *     }
         */
        'application/json': {
          /** @description names no person */
          evidence: string
        }
      }
    }
    responses: {
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            dispute_id: number
            settlement_id: string
            partner_id: string
            kind: string
            /** @description a pseudonym */
            patient_id: string
            measure: string | null
            observed_on: string | null
            value: number | null
            evidence: string
            filed_by: string
            /** @description YYYY-MM-DD */
            filed_on: string
            /** @description YYYY-MM-DD */
            deadline_on: string
            effect: {
              partner_id: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            } | null
            /** @description what insurers pay in all: to an insurer its own, to a partner none */
            insurer_effects: {
              insurer: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            }[]
            /** @description how many other partners would be paid otherwise: the settlement is computed anew for all */
            others_moved: number
            /** @description the insurers that decide, each for itself; unknown: an analyst does */
            deciders: string[]
            /** @description given so far: one dismissed dismisses it, it is upheld when all uphold it */
            verdicts: {
              insurer: string
              verdict: string
              reason: string
              by: string
              /** @description YYYY-MM-DD */
              on: string
            }[]
            ruling: {
              verdict: string
              reason: string
              by: string
              /** @description YYYY-MM-DD */
              on: string
            } | null
            corrected_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listSettlementDisputes: {
    parameters: {
      query?: {
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'filed_on' | '-filed_on'
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              dispute_id: number
              settlement_id: string
              partner_id: string
              kind: string
              /** @description a pseudonym */
              patient_id: string
              measure: string | null
              observed_on: string | null
              value: number | null
              evidence: string
              filed_by: string
              /** @description YYYY-MM-DD */
              filed_on: string
              /** @description YYYY-MM-DD */
              deadline_on: string
              effect: {
                partner_id: string
                /** @description whole eurocents */
                before_cents: number
                /** @description whole eurocents */
                after_cents: number
              } | null
              /** @description what insurers pay in all: to an insurer its own, to a partner none */
              insurer_effects: {
                insurer: string
                /** @description whole eurocents */
                before_cents: number
                /** @description whole eurocents */
                after_cents: number
              }[]
              /** @description how many other partners would be paid otherwise: the settlement is computed anew for all */
              others_moved: number
              /** @description the insurers that decide, each for itself; unknown: an analyst does */
              deciders: string[]
              /** @description given so far: one dismissed dismisses it, it is upheld when all uphold it */
              verdicts: {
                insurer: string
                verdict: string
                reason: string
                by: string
                /** @description YYYY-MM-DD */
                on: string
              }[]
              ruling: {
                verdict: string
                reason: string
                by: string
                /** @description YYYY-MM-DD */
                on: string
              } | null
              corrected_by: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listDisputes: {
    parameters: {
      query?: {
        state?: 'open' | 'ruled'
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'filed_on' | '-filed_on'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              dispute_id: number
              settlement_id: string
              partner_id: string
              kind: string
              /** @description a pseudonym */
              patient_id: string
              measure: string | null
              observed_on: string | null
              value: number | null
              evidence: string
              filed_by: string
              /** @description YYYY-MM-DD */
              filed_on: string
              /** @description YYYY-MM-DD */
              deadline_on: string
              effect: {
                partner_id: string
                /** @description whole eurocents */
                before_cents: number
                /** @description whole eurocents */
                after_cents: number
              } | null
              /** @description what insurers pay in all: to an insurer its own, to a partner none */
              insurer_effects: {
                insurer: string
                /** @description whole eurocents */
                before_cents: number
                /** @description whole eurocents */
                after_cents: number
              }[]
              /** @description how many other partners would be paid otherwise: the settlement is computed anew for all */
              others_moved: number
              /** @description the insurers that decide, each for itself; unknown: an analyst does */
              deciders: string[]
              /** @description given so far: one dismissed dismisses it, it is upheld when all uphold it */
              verdicts: {
                insurer: string
                verdict: string
                reason: string
                by: string
                /** @description YYYY-MM-DD */
                on: string
              }[]
              ruling: {
                verdict: string
                reason: string
                by: string
                /** @description YYYY-MM-DD */
                on: string
              } | null
              corrected_by: string | null
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postDisputeRuling: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /** @example 1 */
        dispute: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "verdict": "upheld",
         *       "reason": "The practice showed that it deregistered the patient."
         *     }
         */
        'application/json': {
          verdict: 'upheld' | 'dismissed'
          reason: string
        }
      }
    }
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            dispute_id: number
            settlement_id: string
            partner_id: string
            kind: string
            /** @description a pseudonym */
            patient_id: string
            measure: string | null
            observed_on: string | null
            value: number | null
            evidence: string
            filed_by: string
            /** @description YYYY-MM-DD */
            filed_on: string
            /** @description YYYY-MM-DD */
            deadline_on: string
            effect: {
              partner_id: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            } | null
            /** @description what insurers pay in all: to an insurer its own, to a partner none */
            insurer_effects: {
              insurer: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
            }[]
            /** @description how many other partners would be paid otherwise: the settlement is computed anew for all */
            others_moved: number
            /** @description the insurers that decide, each for itself; unknown: an analyst does */
            deciders: string[]
            /** @description given so far: one dismissed dismisses it, it is upheld when all uphold it */
            verdicts: {
              insurer: string
              verdict: string
              reason: string
              by: string
              /** @description YYYY-MM-DD */
              on: string
            }[]
            ruling: {
              verdict: string
              reason: string
              by: string
              /** @description YYYY-MM-DD */
              on: string
            } | null
            corrected_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementCalculation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            settlement_id: string
            contract: string
            as_of: string
            status: 'provisional' | 'final'
            /** @description decimals of the numbers that are not a contract’s own */
            precision?: {
              gain: number
              years: number
              weight: number
              eur: number
            }
            /** @description panels large enough to be shown; to a partner: itself */
            partners?: {
              partner_id: string
              /** @description too few patients to be shown: its payment only */
              small_panel: boolean
              /** @description whole eurocents */
              payment_cents: number
              reason: string | null
              /** @description what each outcome is worth: credible gain × price × patient-years; null: without statistics */
              outcomes?: {
                measure: string
                cents: number | null
              }[]
              /** @description what dead band, share, corridor, gates and budget change: payment less what the outcomes are worth */
              clauses_cents?: number
              /** @description from patients to cents; steps that change nothing are left out */
              steps?: {
                /** @description patients, history, trend, collective, price, together, missing, lessMissing, lessExcess, perYear, deadBand, withinDeadBand, share, floor, cap, gates, budget, rounding, unexplained, payment */
                step: string
                /** @description of a step of one outcome */
                measure: string | null
                /** @description their sum, rounded half away from zero to the decimals of the result, is the result. null: the calculation begins or ends here, or would tell of fewer than ten people */
                addends:
                  | {
                      /** @description taken off */
                      minus: boolean
                      /** @description multiplied */
                      factors: {
                        /** @description gain: in the unit of the measure. eur. years: patient-years, of a contract of episodes the episodes. factor. share: to be read as a percentage */
                        kind: 'gain' | 'eur' | 'years' | 'factor' | 'share'
                        /** @description a decimal, with every digit that counts: 12.50 */
                        value: string
                      }[]
                      divisor: {
                        /** @description gain: in the unit of the measure. eur. years: patient-years, of a contract of episodes the episodes. factor. share: to be read as a percentage */
                        kind: 'gain' | 'eur' | 'years' | 'factor' | 'share'
                        /** @description a decimal, with every digit that counts: 12.50 */
                        value: string
                      } | null
                    }[]
                  | null
                result: {
                  /** @description gain: in the unit of the measure. eur. years: patient-years, of a contract of episodes the episodes. factor. share: to be read as a percentage */
                  kind: 'gain' | 'eur' | 'years' | 'factor' | 'share'
                  /** @description a decimal, with every digit that counts: 12.50 */
                  value: string
                }
                /** @description what the step leads from, EUR for the whole panel; null: it moves nothing */
                from_eur: number | null
                to_eur: number | null
              }[]
              /** @description the payment with the collective mean in place of its own part; null: no mean counts, or (to a partner) a budget lets it depend on others */
              mean_alone_cents?: number | null
              /** @description the payment with one control partner left out of the trend; [] without a trend, or where not kept */
              without_control?: {
                control_id: string
                /** @description whole eurocents */
                payment_cents: number
              }[]
            }[]
            small_panels?: {
              partners: string[]
              /** @description null: fewer than ten people */
              eligible: number | null
              /** @description whole eurocents */
              payment_cents: number
              /** @description whole eurocents */
              per_procedure_cents: number
              /** @description whole eurocents */
              bundled_cents: number
            } | null
            /** @description gains + losses of the panels shown + small panels = total; to readers of the whole */
            bridge?: {
              /** @description whole eurocents */
              gains_cents: number
              /** @description whole eurocents */
              losses_cents: number
              /** @description whole eurocents */
              small_panels_cents: number
              /** @description whole eurocents */
              total_cents: number
            }
            insurer?: {
              insurer: string
              /** @description whole eurocents */
              payment_cents: number
              partners: {
                partner_id: string
                /** @description whole eurocents */
                cents: number
              }[]
              /** @description null: there are none */
              small_panels_cents: number | null
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementPartnerReceipt: {
    parameters: {
      query?: {
        /**
         * @description one patient, with the rows it came from
         * @example s0000026
         */
        patient?: string
        /** @description patients after this one */
        after?: string
        limit?: number
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
        /** @example p01 */
        partner: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            settlement_id: string
            contract: string
            as_of: string
            partner_id: string
            /** @description too few patients to be shown */
            small_panel: boolean
            /** @description whole eurocents */
            payment_cents: number
            reason: string | null
            engine_version?: string
            dataset_sha256?: string
            contract_sha256?: string
            outcomes?: {
              measure: string
              model_id: string | null
              steps: {
                step: string
                /** @description section of the method */
                method: string
                /** @description the contract's clause; empty where there is none */
                clause: string
                formula: string
                numbers: {
                  [key: string]: number | string | null
                }
                result: number | string | null
                unit: string
              }[]
            }[]
            payment?: {
              step: string
              /** @description section of the method */
              method: string
              /** @description the contract's clause; empty where there is none */
              clause: string
              formula: string
              numbers: {
                [key: string]: number | string | null
              }
              result: number | string | null
              unit: string
            }[]
            /** @description how the amount was rounded and split, in words */
            rounding?: {
              nl: string[]
              en: string[]
            }
            /** @description lines that sum to the payment */
            adds_up?: {
              item: string
              measure: string | null
              eur: number
            }[]
            /** @description a page of them, by patient_id */
            patients?: {
              patient_id: string
              practice_id: string
              insurer: string
              measure: string
              index_on: string
              target_on: string
              exposure_days: number
              status: string
              baseline: number | null
              mean: number | null
              sd: number | null
              q05: number | null
              q25: number | null
              q50: number | null
              q75: number | null
              q95: number | null
              realised: number | null
              realised_on: string | null
              expected_value: number | null
              realised_value: number | null
              gain: number | null
              measured_probability: number | null
              imputed_gain: number | null
              contribution: number | null
              model_id: string | null
              formula: string
              /** @description EUR of the value that this contribution stands for */
              value_eur: number
              /** @description the same as it reaches the payment: the slope of the payment times the contribution, all else as it stands */
              payment_eur: number
            }[]
            /** @description of the patient that was asked for */
            rows?: {
              table: string
              file: string | null
              /** @description the header is line 1 */
              line: number
              deliveredOn: string
              values: {
                [key: string]: (number | string | null) | boolean
              }
              /** @description realised, baseline, known on the index date, later, comparison */
              used_as: string
            }[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postSettlementDifferences: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "from": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
         *     }
         */
        'application/json': {
          /** @description an id, or its first 8 or more digits where no other begins so */
          from: string
        }
      }
    }
    responses: {
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            job_id: string
            /** @description what is done */
            kind: 'settle' | 'train' | 'correct' | 'preview' | 'difference' | 'import'
            /** @description forgotten: it ended so long ago that the queue no longer knows how */
            state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten'
            /** @description called off; what is being done comes to its end */
            stopping: boolean
            /** @description the parts of the stage it is at */
            progress: {
              stage: string
              done: number
              of: number
            } | null
            /** @description how many workers listen; 0: it waits until one does; null: it is over */
            workers: number | null
            /** @description contract, day, settlements or delivery, by id */
            about: {
              [key: string]: unknown
            }
            /** @description ids and counts of what was made; null until completed */
            result: unknown
            refusal: {
              code: string
              detail: string
              facts: {
                [key: string]: unknown
              }
            } | null
            requested_by: string
            /** @description ISO 8601, UTC */
            requested_at: string
            cancelled_by: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listDifferences: {
    parameters: {
      query?: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement?: string
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'computed' | '-computed'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              from: string
              to: string
              contract: string
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      409: components['responses']['Conflict']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getSettlementDifference: {
    parameters: {
      query: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        from: string
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            contract: string
            from: {
              settlement_id: string
              as_of: string
              engine_version: string
              dataset_sha256: string
              contract_sha256: string
            }
            to: {
              settlement_id: string
              as_of: string
              engine_version: string
              dataset_sha256: string
              contract_sha256: string
            }
            partners: {
              partner_id: string
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
              /** @description null: a panel too small to be shown */
              causes: {
                /** @description whole eurocents */
                late_data: number
                /** @description whole eurocents: what was upheld in a dispute */
                ruling: number
                /** @description whole eurocents */
                attribution: number
                /** @description whole eurocents */
                model: number
                /** @description whole eurocents */
                contract: number
                /** @description whole eurocents */
                engine_version: number
              } | null
            }[]
            small_panels?: {
              partners: string[]
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
              /** @description replaced one after the other in this order; before + their sum = after */
              causes: {
                /** @description whole eurocents */
                late_data: number
                /** @description whole eurocents: what was upheld in a dispute */
                ruling: number
                /** @description whole eurocents */
                attribution: number
                /** @description whole eurocents */
                model: number
                /** @description whole eurocents */
                contract: number
                /** @description whole eurocents */
                engine_version: number
              }
            } | null
            totals?: {
              /** @description whole eurocents */
              before_cents: number
              /** @description whole eurocents */
              after_cents: number
              /** @description replaced one after the other in this order; before + their sum = after */
              causes: {
                /** @description whole eurocents */
                late_data: number
                /** @description whole eurocents: what was upheld in a dispute */
                ruling: number
                /** @description whole eurocents */
                attribution: number
                /** @description whole eurocents */
                model: number
                /** @description whole eurocents */
                contract: number
                /** @description whole eurocents */
                engine_version: number
              }
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listSettlementOutcomes: {
    parameters: {
      query?: {
        /** @description of programme, partner, measure, year, age_band, sex: with commas between */
        by?: string
        /** @description 0: the contract year; 1 to 3: placebo years */
        years_before?: number
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b
         */
        settlement: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              programme: string
              measure: string
              partner?: string
              year?: string
              /** @description first year of ten, or unknown */
              age_band?: string
              sex?: string
              figures: {
                /** @description null: all but one to nine were measured */
                eligible: number | null
                measured: number
                expected_mean: number | null
                realised_mean: number | null
                gain_mean: number | null
                contribution_mean: number | null
              } | null
            }[]
            /** @description there is no other page */
            next: null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listQuestions: {
    parameters: {
      query?: {
        /** @example dm2-2025 */
        contract?: string
        answered?: 'yes' | 'no'
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'asked' | '-asked' | 'contract' | '-contract'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              question_id: string
              /** @description role:name of the token */
              asked_by: string
              /** @description when it was registered */
              asked_at: string
              /** @description when its answer was first opened */
              answered_at: string | null
              contract: string
              settlement: string | null
              /** @description what the register calls it */
              title: string
              /** @description what is expected, before the answer is seen */
              hypothesis: string
              /** @description what is compared: the figure and the measure */
              outcome: string
              /** @description which groups are compared */
              groups: string
              /** @description how the answer will be analysed, and what would count against the hypothesis */
              analysis: string
              /** @description []: all of the contract */
              measures: string[]
              /** @description what the answer is broken down by: group, age_band and sex as you like, with one of partner, year, postcode_area, condition at most; measures always */
              by: ('group' | 'partner' | 'year' | 'age_band' | 'sex' | 'postcode_area' | 'condition')[]
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postQuestions: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "contract": "dm2-2025",
         *       "title": "HbA1c by age",
         *       "hypothesis": "People over 70 gain less than was to be expected.",
         *       "outcome": "mean gain of hba1c",
         *       "groups": "bands of ten years",
         *       "analysis": "Difference of means with its interval; none is no support.",
         *       "by": [
         *         "age_band"
         *       ]
         *     }
         */
        'application/json': {
          contract: string
          /** @description left out: the settlement of the contract that is open to research */
          settlement?: string
          /** @description what the register calls it */
          title: string
          /** @description what is expected, before the answer is seen */
          hypothesis: string
          /** @description what is compared: the figure and the measure */
          outcome: string
          /** @description which groups are compared */
          groups: string
          /** @description how the answer will be analysed, and what would count against the hypothesis */
          analysis: string
          /** @description outcomes of the contract; left out: all */
          measures?: string[]
          /** @description what the answer is broken down by: group, age_band and sex as you like, with one of partner, year, postcode_area, condition at most; measures always */
          by: ('group' | 'partner' | 'year' | 'age_band' | 'sex' | 'postcode_area' | 'condition')[]
        }
      }
    }
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            question_id: string
            /** @description role:name of the token */
            asked_by: string
            /** @description when it was registered */
            asked_at: string
            /** @description when its answer was first opened */
            answered_at: string | null
            contract: string
            settlement: string | null
            /** @description what the register calls it */
            title: string
            /** @description what is expected, before the answer is seen */
            hypothesis: string
            /** @description what is compared: the figure and the measure */
            outcome: string
            /** @description which groups are compared */
            groups: string
            /** @description how the answer will be analysed, and what would count against the hypothesis */
            analysis: string
            /** @description []: all of the contract */
            measures: string[]
            /** @description what the answer is broken down by: group, age_band and sex as you like, with one of partner, year, postcode_area, condition at most; measures always */
            by: ('group' | 'partner' | 'year' | 'age_band' | 'sex' | 'postcode_area' | 'condition')[]
          }
        }
      }
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            question_id: string
            /** @description role:name of the token */
            asked_by: string
            /** @description when it was registered */
            asked_at: string
            /** @description when its answer was first opened */
            answered_at: string | null
            contract: string
            settlement: string | null
            /** @description what the register calls it */
            title: string
            /** @description what is expected, before the answer is seen */
            hypothesis: string
            /** @description what is compared: the figure and the measure */
            outcome: string
            /** @description which groups are compared */
            groups: string
            /** @description how the answer will be analysed, and what would count against the hypothesis */
            analysis: string
            /** @description []: all of the contract */
            measures: string[]
            /** @description what the answer is broken down by: group, age_band and sex as you like, with one of partner, year, postcode_area, condition at most; measures always */
            by: ('group' | 'partner' | 'year' | 'age_band' | 'sex' | 'postcode_area' | 'condition')[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getQuestion: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        question: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            question_id: string
            /** @description role:name of the token */
            asked_by: string
            /** @description when it was registered */
            asked_at: string
            /** @description when its answer was first opened */
            answered_at: string | null
            contract: string
            settlement: string | null
            /** @description what the register calls it */
            title: string
            /** @description what is expected, before the answer is seen */
            hypothesis: string
            /** @description what is compared: the figure and the measure */
            outcome: string
            /** @description which groups are compared */
            groups: string
            /** @description how the answer will be analysed, and what would count against the hypothesis */
            analysis: string
            /** @description []: all of the contract */
            measures: string[]
            /** @description what the answer is broken down by: group, age_band and sex as you like, with one of partner, year, postcode_area, condition at most; measures always */
            by: ('group' | 'partner' | 'year' | 'age_band' | 'sex' | 'postcode_area' | 'condition')[]
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getQuestionAnswer: {
    parameters: {
      query?: {
        format?: 'json' | 'csv' | 'parquet' | 'arrow'
      }
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        question: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The answer */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            question_id: string
            contract: string
            programme: string
            period: {
              start: string
              end: string
            }
            settlement_id: string
            as_of: string
            engine_version: string
            by: string[]
            /** @description no count of fewer persons is told, nor can one be derived */
            smallest_group: number
            /** @description how to refer to this answer */
            cite: string
            rows: {
              measure: string
              unit: string
              /** @description contract or control partners */
              group?: string
              /** @description under a code */
              partner?: string
              /** @description of the index date */
              year?: string
              /** @description first and last year of age, such as 60-69; unknown where no birth year is known */
              age_band?: string
              sex?: string
              /** @description the first two digits of the postcode, or unknown */
              postcode_area?: string
              /** @description chapter of diagnoses beside the programme's own: none, one, or several */
              condition?: string
              measured: number
              /** @description measured or missing; null in crossed tables, and where one to nine would be told apart */
              eligible: number | null
              /** @description in the unit of the measure */
              expected_raw_mean: number
              /** @description in the unit of the measure */
              realised_raw_mean: number
              realised_raw_se: number
              realised_raw_lower: number
              realised_raw_upper: number
              /** @description on the health scale: in the unit, higher always better */
              expected_mean: number
              /** @description on the health scale */
              realised_mean: number
              realised_se: number
              realised_lower: number
              realised_upper: number
              /** @description realised less expected, on the health scale */
              gain_mean: number
              gain_se: number
              gain_lower: number
              gain_upper: number
              /** @description the gain with the missing accounted for; null where eligible is */
              contribution_mean: number | null
              contribution_se: number | null
              contribution_lower: number | null
              contribution_upper: number | null
            }[]
          }
          'text/csv': string
          'application/vnd.apache.parquet': string
          'application/vnd.apache.arrow.file': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      414: components['responses']['URITooLong']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  listModels: {
    parameters: {
      query?: {
        /** @example dm2 */
        programme?: string
        /** @example hba1c */
        measure?: string
        state?: 'draft' | 'validated' | 'payable' | 'retired'
        /** @description items a page */
        limit?: number
        /** @description `next` of the page before; left out: the first page */
        cursor?: string
        /** @description a field; with a minus in front, from high to low */
        sort?: 'decided' | '-decided' | 'programme' | '-programme' | 'measure' | '-measure'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            items: {
              model_id: string
              programme: string
              measure: string
              state: 'draft' | 'validated' | 'payable' | 'retired'
              checks: {
                check: string
                verdict: 'holds' | 'fails' | 'cannot_be_shown'
                finding: string
              }[]
            }[]
            /** @description send it as `cursor`, with the same filters and sort, for the next page; null: this is the last */
            next: string | null
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  getModel: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        model: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            model_id: string
            programme: string
            measure: string
            state: 'draft' | 'validated' | 'payable' | 'retired'
            checks: {
              check: string
              verdict: 'holds' | 'fails' | 'cannot_be_shown'
              finding: string
            }[]
          } & {
            /** @description the last one first; it holds */
            decisions: {
              state: 'draft' | 'validated' | 'payable' | 'retired'
              by: string
              on: string
              reason: string
            }[]
            drift: {
              /** @description the run in which the model was used */
              settlement_id: string
              as_of: string
              alarm: {
                month: string
                kind: string
                evidence: number
              } | null
              /** @description months of ten results or more */
              months: {
                side: 'control' | 'contract'
                /** @description first day of the month of realisation */
                month: string
                measured: number
                /** @description realised - expected, in the unit of the measure */
                bias: number
                /** @description the same in predictive standard deviations */
                bias_sd: number
                slope: number | null
                /** @description the detector after this month; null: not tested */
                evidence: number | null
              }[]
            }[]
            /** @description what was learned from, and how well it holds */
            card: {
              [key: string]: unknown
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      414: components['responses']['URITooLong']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
  postModelDecisions: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.
         * @example a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11
         */
        'idempotency-key'?: string
      }
      path: {
        /**
         * @description an id, or its first 8 or more digits where no other begins so
         * @example 3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea
         */
        model: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "state": "payable",
         *       "reason": "Looked at the card: every check holds."
         *     }
         */
        'application/json': {
          state: 'payable' | 'retired'
          reason: string
        }
      }
    }
    responses: {
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            model_id: string
            programme: string
            measure: string
            state: 'draft' | 'validated' | 'payable' | 'retired'
            checks: {
              check: string
              verdict: 'holds' | 'fails' | 'cannot_be_shown'
              finding: string
            }[]
          } & {
            /** @description the last one first; it holds */
            decisions: {
              state: 'draft' | 'validated' | 'payable' | 'retired'
              by: string
              on: string
              reason: string
            }[]
            drift: {
              /** @description the run in which the model was used */
              settlement_id: string
              as_of: string
              alarm: {
                month: string
                kind: string
                evidence: number
              } | null
              /** @description months of ten results or more */
              months: {
                side: 'control' | 'contract'
                /** @description first day of the month of realisation */
                month: string
                measured: number
                /** @description realised - expected, in the unit of the measure */
                bias: number
                /** @description the same in predictive standard deviations */
                bias_sd: number
                slope: number | null
                /** @description the detector after this month; null: not tested */
                evidence: number | null
              }[]
            }[]
            /** @description what was learned from, and how well it holds */
            card: {
              [key: string]: unknown
            }
          }
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthorized']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      409: components['responses']['Conflict']
      413: components['responses']['PayloadTooLarge']
      414: components['responses']['URITooLong']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['UnprocessableEntity']
      429: components['responses']['TooManyRequests']
      500: components['responses']['InternalServerError']
      503: components['responses']['ServiceUnavailable']
    }
  }
}
