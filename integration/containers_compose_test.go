package integration

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// passwords of the cluster's compose file, which holds none.
func passwords() []string {
	return []string{"ESDB_ADMIN_PASSWORD=one", "ESDB_OPS_PASSWORD=two", "ESDB_LEDGER_PASSWORD=three"}
}

func loadCompose(path string, environ []string) (*types.Project, error) {
	o, err := cli.NewProjectOptions([]string{path}, cli.WithEnv(environ), cli.WithName("ledger"))
	if err != nil {
		return nil, err
	}
	return o.LoadProject(context.Background())
}

// The compose files are valid to the library that Docker Compose itself reads
// them with, and keep what deployment promises.
func TestComposeFilesAreValidAndClosed(t *testing.T) {
	for path, services := range map[string]int{"../docker-compose.yml": 2, "../deploy/cluster/docker-compose.yml": 7} {
		p, err := loadCompose(path, passwords())
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(p.Services) != services {
			t.Errorf("%s: %d services, want %d", path, len(p.Services), services)
		}
		for name, s := range p.Services {
			for _, port := range s.Ports {
				if port.HostIP != "127.0.0.1" {
					t.Errorf("%s: %s opens port %s to other hosts", path, name, port.Published)
				}
			}
			if name != "certificates" && len(s.Volumes) == 0 {
				t.Errorf("%s: %s forgets everything: it has no volume", path, name)
			}
			if server := strings.HasPrefix(name, "eventstore"); server && s.HealthCheck == nil {
				t.Errorf("%s: %s has no health check", path, name)
			} else if strings.HasPrefix(name, "ledgerd") && (!s.ReadOnly || len(s.CapDrop) == 0) {
				t.Errorf("%s: %s may write its image or keeps capabilities", path, name)
			}
		}
	}
}

func TestComposeClusterSharesOneLogKeyAndAsksForPasswords(t *testing.T) {
	const path = "../deploy/cluster/docker-compose.yml"
	for i, missing := range passwords() {
		rest := slices.Delete(passwords(), i, i+1)
		name, _, _ := strings.Cut(missing, "=")
		if _, err := loadCompose(path, rest); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	p, err := loadCompose(path, passwords())
	if err != nil {
		t.Fatal(err)
	}
	peers := map[string]bool{}
	for _, name := range []string{"ledgerd-1", "ledgerd-2", "ledgerd-3"} {
		s := p.Services[name]
		if len(s.Secrets) != 1 || s.Secrets[0].Source != "log-key" {
			t.Errorf("%s: secrets %v, want the one log key", name, s.Secrets)
		}
		peer := s.Environment["LEDGERD_PEER_URL"]
		if peer == nil || *peer != "http://"+name+":8471" {
			t.Errorf("%s: the others would look for it at %v", name, peer)
		}
		peers[*peer] = true
		if !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
			return v.Source == "subscriptions" && v.Target == *s.Environment["LEDGERD_SUBSCRIPTIONS"]
		}) {
			t.Errorf("%s does not share the folder of subscriptions", name)
		}
	}
	if len(peers) != 3 {
		t.Errorf("peers %v, want three", peers)
	}
}
