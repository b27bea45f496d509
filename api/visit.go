package api

import "net/http"

// The response interfaces of the contract, one method each.

func (r reply) VisitDeleteSealedResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetAssertionsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetCaseResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetCheckpointResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetDigestsResponse(w http.ResponseWriter) error   { return r(w) }
func (r reply) VisitListCosignedResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetComplianceResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetDateConflictsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetDescriptionResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetDesignationResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetEntriesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetEventResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetFigureResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetHealthResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetIndexResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetKnowledgeResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetLoopholesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetMatrixResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetMetricsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetObligationsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetReadyResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetReceiptResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetSchemaResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetSchemasResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetSealedResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListSubjectsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetSubjectResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetSummaryResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetTileResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetTimelineResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetWitnessesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListCasesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListCountriesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListDesignationsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListEventsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListIndicatorsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListKeysResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListMembersResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListRegimesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitPostEventResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitPostEventsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitPutSealedResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetAssetsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetCapsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetCyberResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetDivergencesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetVesselsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitGetChangesResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitListSubscriptionsResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitAddSubscriptionResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitDeleteSubscriptionResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitResumeSubscriptionResponse(w http.ResponseWriter) error { return r(w) }

func (r reply) VisitFollowSubscriptionResponse(w http.ResponseWriter) error { return r(w) }
