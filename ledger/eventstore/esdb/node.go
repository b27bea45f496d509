package esdb

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// maxMessage is what the client takes too: an append of the greatest size that
// a server can be told to accept, and its frame.
const maxMessage = 17 << 20

// leader returns the address of the node to connect to. A hint is good for one
// attempt.
func (s *supervisor) leader(ctx context.Context) (string, error) {
	s.mu.Lock()
	hint, turn := s.hint, s.turn
	s.hint = ""
	s.turn++
	s.mu.Unlock()
	if hint != "" {
		return hint, nil
	}
	var seeds []string
	for _, seed := range s.conf.GossipSeeds {
		seeds = append(seeds, seed.String())
	}
	if s.conf.DnsDiscover {
		seeds = append(seeds, s.conf.Address)
	}
	if len(seeds) == 0 {
		return s.conf.Address, nil
	}
	var all []error
	for i := range seeds {
		seed := seeds[(turn+i)%len(seeds)]
		address, err := s.gossip(ctx, seed, s.timeout/time.Duration(len(seeds)))
		if err == nil {
			return address, nil
		}
		all = append(all, fmt.Errorf("seed %s: %w", seed, err))
	}
	return "", fmt.Errorf("find the leader: %w", errors.Join(all...))
}

// gossip asks one node who leads.
func (s *supervisor) gossip(ctx context.Context, seed string, patience time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := dial(&s.conf, seed)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	info, err := gossip.NewGossipClient(conn).Read(ctx, &shared.Empty{})
	if err != nil {
		return "", err
	}
	for _, m := range info.GetMembers() {
		if m.GetIsAlive() && m.GetState() == gossip.MemberInfo_Leader {
			at := m.GetHttpEndPoint()
			return net.JoinHostPort(at.GetAddress(), strconv.FormatUint(uint64(at.GetPort()), 10)), nil
		}
	}
	return "", errors.New("it knows no living leader")
}

// dial prepares a connection like those of the client.
func dial(conf *client.Configuration, address string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	transport, err := transportOf(conf)
	if err != nil {
		return nil, err
	}
	opts = append(opts,
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)))
	if conf.KeepAliveInterval >= 0 {
		opts = append(opts, grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: conf.KeepAliveInterval, Timeout: conf.KeepAliveTimeout, PermitWithoutStream: true,
		}))
	}
	conn, err := grpc.NewClient(address, opts...)
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", address, err)
	}
	return conn, nil
}

func transportOf(conf *client.Configuration) (credentials.TransportCredentials, error) {
	if conf.DisableTLS {
		return insecure.NewCredentials(), nil
	}
	own := &tls.Config{RootCAs: conf.RootCAs, InsecureSkipVerify: conf.SkipCertificateVerification, MinVersion: tls.VersionTLS12}
	if conf.UserCertFile != "" {
		pair, err := tls.LoadX509KeyPair(conf.UserCertFile, conf.UserKeyFile)
		if err != nil {
			return nil, fmt.Errorf("user certificate: %w", err)
		}
		own.Certificates = []tls.Certificate{pair}
	}
	return credentials.NewTLS(own), nil
}

// identify sends user and password with each call, as the client does except
// to gossip.
func identify(conf *client.Configuration) []grpc.DialOption {
	if conf.Username == "" {
		return nil
	}
	return []grpc.DialOption{grpc.WithPerRPCCredentials(basic{conf.Username, conf.Password})}
}

// basic sends user and password with each call, over TLS only.
type basic struct{ user, password string }

func (b basic) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(b.user+":"+b.password))}, nil
}

func (basic) RequireTransportSecurity() bool { return true }
