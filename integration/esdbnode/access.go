package esdbnode

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// Admins is the group whose members may do everything.
const Admins = "$admins"

// everybody is the role of all who are known.
const everybody = "$all"

// User may call the node.
type User struct {
	Name, Password string
	Groups         []string
}

func (u User) userinfo() string { return url.UserPassword(u.Name, u.Password).String() }

type callerKey struct{}

// identify returns the context with the caller in it. It refuses nobody: the
// official client loses the reason of a refusal that comes before it has sent
// its whole request, so that is left to allow.
func (n *Node) identify(ctx context.Context) context.Context {
	var caller *User
	for _, value := range metadata.ValueFromIncomingContext(ctx, "authorization") {
		encoded, _ := strings.CutPrefix(value, "Basic ")
		decoded, _ := base64.StdEncoding.DecodeString(encoded) // what is damaged fits no password
		name, password, _ := strings.Cut(string(decoded), ":")
		for _, u := range n.opts.Users {
			if u.Name == name && subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 1 {
				caller = &u
			}
		}
	}
	return context.WithValue(ctx, callerKey{}, caller)
}

// operation is what access lists are about.
type operation int

const (
	toRead operation = iota
	toWrite
	toDelete
)

// roles picks who may do it, to a stream or to its metadata.
func (o operation) roles(a eventlog.ACL, meta bool) eventlog.Roles {
	switch {
	case meta && o == toRead:
		return a.MetaRead
	case meta:
		return a.MetaWrite
	case o == toRead:
		return a.Read
	case o == toWrite:
		return a.Write
	}
	return a.Delete
}

// allow refuses what the caller may not do with the stream.
func (n *Node) allow(ctx context.Context, stream string, op operation) error {
	if len(n.opts.Users) == 0 {
		return nil
	}
	u, _ := ctx.Value(callerKey{}).(*User)
	switch {
	case u == nil:
		return unauthenticated()
	case slices.Contains(u.Groups, Admins):
		return nil
	}
	of, meta := strings.CutPrefix(stream, "$$")
	roles := op.roles(n.log.Metadata(of).ACL, meta)
	if roles == nil {
		roles = op.roles(n.defaultACL(of), meta)
	}
	for _, r := range roles {
		if r == everybody || r == u.Name || slices.Contains(u.Groups, r) {
			return nil
		}
	}
	return accessDenied()
}

// defaultACL is what the last event of $settings says, and what EventStoreDB
// says without: user streams are open, system streams belong to the admins.
func (n *Node) defaultACL(stream string) eventlog.ACL {
	var settings struct {
		User   eventlog.ACL `json:"$userStreamAcl"`
		System eventlog.ACL `json:"$systemStreamAcl"`
	}
	page, err := n.log.Backward("$settings", math.MaxUint64-1, 1)
	if err == nil && len(page.Events) > 0 {
		_ = json.Unmarshal(page.Events[0].Data, &settings) // what is not JSON says nothing
	}
	if strings.HasPrefix(stream, "$") {
		return withDefault(settings.System, eventlog.Roles{Admins})
	}
	return withDefault(settings.User, eventlog.Roles{everybody})
}

func withDefault(a eventlog.ACL, roles eventlog.Roles) eventlog.ACL {
	for _, r := range []*eventlog.Roles{&a.Read, &a.Write, &a.Delete, &a.MetaRead, &a.MetaWrite} {
		if *r == nil {
			*r = roles
		}
	}
	return a
}

// admit does what every call begins with: it waits where the node is to be
// slow, finds out who calls, and sends those who insist on the leader to it.
func (n *Node) admit(ctx context.Context, method string) (context.Context, error) {
	if err := pause(ctx, n.faults.delay()); err != nil {
		return ctx, err
	}
	if !strings.HasPrefix(method, "/"+streamspb.Streams_ServiceDesc.ServiceName+"/") {
		return ctx, nil // gossip and features are open to all
	}
	if insists := metadata.ValueFromIncomingContext(ctx, "requires-leader"); len(insists) > 0 && strings.EqualFold(insists[0], "true") {
		if leader := n.leader(); leader != n {
			return ctx, notLeader(leader.Address())
		}
	}
	return n.identify(ctx), nil
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (n *Node) interceptUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	ctx, err := n.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, finish(err, func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) })
	}
	resp, err := handle(ctx, req)
	return resp, finish(err, func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) })
}

func (n *Node) interceptStream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	ctx, err := n.admit(ss.Context(), info.FullMethod)
	if err == nil {
		err = handle(srv, identified{ss, ctx})
	}
	return finish(err, ss.SetTrailer)
}

// finish gives an error the form that the wire knows.
func finish(err error, trail func(metadata.MD)) error {
	if err == nil {
		return nil
	}
	err = refused(err)
	if md := trailersOf(err); md != nil {
		trail(md)
	}
	return err
}

// identified is a call whose context knows the caller.
type identified struct {
	grpc.ServerStream
	ctx context.Context //nolint:containedctx // the way gRPC hands it on
}

func (s identified) Context() context.Context { return s.ctx }
