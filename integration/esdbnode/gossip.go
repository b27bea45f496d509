package esdbnode

import (
	"context"
	"net"
	"strconv"
	"time"

	"github.com/google/uuid"

	gossippb "github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	featurespb "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
)

// Version is the release of EventStoreDB whose protocol the node speaks.
const Version = "24.6.0"

type featuresServer struct {
	featurespb.UnimplementedServerFeaturesServer
}

// GetSupportedMethods names what the node answers. Persistent subscriptions are
// not among it.
func (featuresServer) GetSupportedMethods(context.Context, *shared.Empty) (*featurespb.SupportedMethods, error) {
	methods := &featurespb.SupportedMethods{EventStoreServerVersion: Version}
	for _, name := range []string{"append", "delete", "read", "tombstone"} {
		methods.Methods = append(methods.Methods, &featurespb.SupportedMethod{
			ServiceName: "event_store.client.streams.streams", MethodName: name,
		})
	}
	return methods, nil
}

type gossipServer struct {
	gossippb.UnimplementedGossipServer
	node *Node
}

// Read lists the members of the cluster.
func (g gossipServer) Read(context.Context, *shared.Empty) (*gossippb.ClusterInfo, error) {
	info := &gossippb.ClusterInfo{}
	leader := g.node.leader()
	for _, n := range g.node.members() {
		info.Members = append(info.Members, n.member(n == leader))
	}
	return info, nil
}

func (n *Node) member(leads bool) *gossippb.MemberInfo {
	state := gossippb.MemberInfo_Follower
	if leads {
		state = gossippb.MemberInfo_Leader
	}
	address := n.Address()
	host, port, _ := net.SplitHostPort(address) // it was joined by Address
	number, _ := strconv.ParseUint(port, 10, 16)
	return &gossippb.MemberInfo{
		InstanceId:   idOut(uuid.NewSHA1(uuid.NameSpaceURL, []byte(address)), false),
		TimeStamp:    n.now().UnixNano() / 100,
		State:        state,
		IsAlive:      n.up() != nil,
		HttpEndPoint: &gossippb.EndPoint{Address: host, Port: uint32(number)},
	}
}

func (n *Node) now() time.Time {
	if n.opts.Clock != nil {
		return n.opts.Clock()
	}
	return time.Now()
}

// members are the nodes of the cluster, or the node alone.
func (n *Node) members() []*Node {
	if n.cluster == nil {
		return []*Node{n}
	}
	return n.cluster.Nodes()
}

// leader is the node that takes writes.
func (n *Node) leader() *Node {
	if n.cluster == nil {
		return n
	}
	return n.cluster.Leader()
}
