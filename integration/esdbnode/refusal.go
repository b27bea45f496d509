package esdbnode

import (
	"context"
	"errors"
	"net"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// refusal is an error as the wire carries it: a status, and trailers that say
// what went wrong.
type refusal struct {
	code     codes.Code
	message  string
	trailers metadata.MD
}

func (r *refusal) Error() string { return r.message }

// GRPCStatus makes the refusal the status of the call.
func (r *refusal) GRPCStatus() *status.Status { return status.New(r.code, r.message) }

func refuse(code codes.Code, message string, trailers ...string) *refusal {
	return &refusal{code: code, message: message, trailers: metadata.Pairs(trailers...)}
}

func invalid(message string) *refusal { return refuse(codes.InvalidArgument, message) }

func accessDenied() *refusal {
	return refuse(codes.PermissionDenied, "Access Denied", "exception", "access-denied")
}

func unauthenticated() *refusal { return refuse(codes.Unauthenticated, "Unauthenticated") }

func streamDeleted(stream string) *refusal {
	return refuse(codes.FailedPrecondition, "Event stream '"+stream+"' is deleted.",
		"exception", "stream-deleted", "stream-name", stream)
}

func appendTooBig(limit int) *refusal {
	n := strconv.Itoa(limit)
	return refuse(codes.InvalidArgument, "Maximum Append Size of "+n+" Exceeded.",
		"exception", "maximum-append-size-exceeded", "maximum-append-size", n)
}

func missingMetadata() *refusal {
	return refuse(codes.InvalidArgument, "Required Metadata Property 'type,content-type' is missing.",
		"exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type")
}

func notLeader(leader string) *refusal {
	host, port, err := net.SplitHostPort(leader)
	if err != nil {
		host, port = leader, "2113"
	}
	return refuse(codes.NotFound, "Leader info available",
		"exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)
}

func wrongVersion(e *eventlog.WrongRevision) *refusal {
	return refuse(codes.FailedPrecondition, "Append failed due to WrongExpectedVersion. "+e.Error(),
		"exception", "wrong-expected-version", "stream-name", e.Stream,
		"expected-version", strconv.FormatInt(e.Expected, 10), "actual-version", strconv.FormatInt(e.Actual, 10))
}

// refused turns errors of the log into what the wire says.
func refused(err error) error {
	var wrong *eventlog.WrongRevision
	var deleted *eventlog.Deleted
	switch {
	case errors.As(err, &wrong):
		return wrongVersion(wrong)
	case errors.As(err, &deleted):
		return streamDeleted(deleted.Stream)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err).Err()
	}
	return err
}

// trailersOf returns the trailers of a refusal.
func trailersOf(err error) metadata.MD {
	var r *refusal
	if errors.As(err, &r) {
		return r.trailers
	}
	return nil
}
