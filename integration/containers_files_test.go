package integration

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// manifests are the Kubernetes objects of deploy, by kind and name.
func manifests(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	files, err := filepath.Glob("../deploy/kubernetes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no manifests: %v", err)
	}
	for _, path := range files {
		d := yaml.NewDecoder(strings.NewReader(readFile(t, path)))
		for {
			var m any
			if err := d.Decode(&m); errors.Is(err, io.EOF) {
				break
			} else if err != nil { // a key given twice is an error
				t.Fatalf("%s: %v", path, err)
			}
			name := fmt.Sprint(at(m, "kind"), " ", at(m, "metadata", "name"))
			if at(m, "apiVersion") == nil || out[name] != nil {
				t.Fatalf("%s: %s has no apiVersion or stands twice", path, name)
			}
			out[name] = m
		}
	}
	return out
}

// at is what stands at a path of keys (string) and places (int); nil if nothing.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func each(v any) []any {
	list, _ := v.([]any)
	return list
}

// column is one key of each entry of a list.
func column(v any, path ...any) (out []string) {
	for _, one := range each(v) {
		out = append(out, fmt.Sprint(at(one, path...)))
	}
	return out
}

func TestKubernetesManifestsHoldTogether(t *testing.T) {
	all := manifests(t)
	spec := at(all["Deployment ledgerd"], "spec")
	pod := at(spec, "template", "spec")
	container := at(pod, "containers", 0)
	if replicas, least := at(spec, "replicas"), at(all["PodDisruptionBudget ledgerd"], "spec", "minAvailable"); replicas != 3 || least != 2 {
		t.Errorf("%v replicas, at least %v: want 3 and 2", replicas, least)
	}
	if at(pod, "securityContext", "runAsNonRoot") != true || at(container, "securityContext", "readOnlyRootFilesystem") != true {
		t.Error("the pod may run as root or write its image")
	}
	for probe, path := range map[string]string{"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"} {
		if got := at(container, probe, "httpGet"); at(got, "path") != path || at(got, "port") != "http" {
			t.Errorf("%s asks %v, want %s", probe, got, path)
		}
	}
	if diff := cmp.Diff(column(at(pod, "volumes"), "name"), column(at(container, "volumeMounts"), "name")); diff != "" {
		t.Errorf("volumes and mounts differ: %s", diff)
	}
	app := at(spec, "template", "metadata", "labels")
	for name, selector := range map[string][]any{
		"Deployment ledgerd": {"spec", "selector", "matchLabels"}, "PodDisruptionBudget ledgerd": {"spec", "selector", "matchLabels"},
		"Service ledgerd": {"spec", "selector"}, "Service ledgerd-read": {"spec", "selector"}, "NetworkPolicy ledgerd": {"spec", "podSelector", "matchLabels"},
	} {
		if diff := cmp.Diff(app, at(all[name], selector...)); diff != "" {
			t.Errorf("%s selects other pods: %s", name, diff)
		}
	}
	if claim := all["PersistentVolumeClaim ledgerd-subscriptions"]; fmt.Sprint(at(claim, "spec", "accessModes")) != "[ReadWriteMany]" {
		t.Error("replicas do not share the folder of subscriptions")
	}
	if s := all["Secret ledgerd"]; s == nil || at(s, "data") != nil || at(s, "stringData") != nil {
		t.Errorf("the Secret is to be named and empty, not %v", s)
	}
}

// Who may connect is what the policies say, port by port.
func TestKubernetesPoliciesOpenPeersToReplicasAndTheStoreToLedgerd(t *testing.T) {
	all, got := manifests(t), map[string][]string{}
	for _, name := range []string{"ledgerd", "eventstore"} {
		policy := all["NetworkPolicy "+name]
		if !strings.Contains(fmt.Sprint(at(policy, "spec", "policyTypes")), "Ingress") {
			t.Errorf("policy %s does not govern who comes in", name)
		}
		for _, rule := range each(at(policy, "spec", "ingress")) {
			for _, port := range column(at(rule, "ports"), "port") {
				from := column(at(rule, "from"), "podSelector", "matchLabels", "app")
				if from == nil {
					from = []string{"anyone"}
				}
				got[name+":"+port] = append(got[name+":"+port], from...)
			}
		}
	}
	for _, rule := range each(at(all["NetworkPolicy ledgerd"], "spec", "egress")) {
		if block := at(rule, "to", 0, "ipBlock"); block != nil && (len(each(at(block, "except"))) < 6 || fmt.Sprint(column(at(rule, "ports"), "port")) != "[443]") {
			t.Errorf("webhooks reach %v", rule)
		}
	}
	want := map[string][]string{
		"ledgerd:8470": {"anyone"}, "ledgerd:8471": {"ledgerd"},
		"eventstore:2113": {"ledgerd", "eventstore"}, "eventstore:1112": {"eventstore"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

var setting = regexp.MustCompile(`LEDGERD_(STORE|LOG_KEY|GENESIS|DATA|LISTEN|AUTH_KEYS|SUBSCRIPTIONS|WEBHOOK_[A-Z]+|TOKEN_[A-Z]+|PEER_[A-Z]+)\b`)

// A variable that ledgerd does not read would be ignored in silence.
func TestDeploymentsSetOnlyWhatLedgerdReads(t *testing.T) {
	help, _, code := try(t.Context(), t, "ledgerd", "serve", "--help")
	if code != 0 {
		t.Fatal(help)
	}
	for _, path := range []string{"cluster/docker-compose.yml", "kubernetes/ledgerd.yaml", "systemd/ledgerd.service"} {
		found := setting.FindAllString(readFile(t, "../deploy", path), -1)
		if len(found) == 0 {
			t.Errorf("%s sets nothing", path)
		}
		for _, name := range found {
			if !strings.Contains(help, "$"+name) {
				t.Errorf("%s sets %s, which 'ledgerd serve' does not know", path, name)
			}
		}
	}
}

// ruleFile is a file of Prometheus rules.
type ruleFile struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

var metric = regexp.MustCompile(`\b(ledger|process|go)_[a-z_]+\b`)

func TestAlertsWatchWhatLedgerdExports(t *testing.T) {
	const path = "../deploy/prometheus/ledgerd.rules.yml"
	exported := exports(t)
	var file ruleFile
	d := yaml.NewDecoder(strings.NewReader(readFile(t, path)))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	watched := 0
	for _, g := range file.Groups {
		for _, rule := range g.Rules {
			if rule.Expr == "" || rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" {
				t.Errorf("%s lacks an expression, a severity or a summary", rule.Alert)
			}
			for _, name := range metric.FindAllString(rule.Expr, -1) {
				watched++
				if !strings.Contains(exported, "\n"+name+" ") && !strings.Contains(exported, "\n"+name+"{") {
					t.Errorf("%s watches %s, which ledgerd does not export", rule.Alert, name)
				}
			}
		}
	}
	if watched < 6 {
		t.Errorf("%d metrics are watched", watched)
	}
}

// The alerts fire when they should, and only then.
func TestAlertsFire(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("there is no promtool")
	}
	if out, err := exec.Command(promtool, "test", "rules", "../deploy/prometheus/ledgerd.rules.test.yml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// exports is /metrics of a server that has recorded an event.
func exports(t *testing.T) string {
	t.Helper()
	f := found(t)
	f.serve(t)
	desk := ledgertest.Desk("XA")
	f.post(t, f.SignRoot("XA", "agency.registered", domain.AgencyRegistered{Agency: desk, Name: "Desk of XA"}))
	token, err := api.Mint(f.token, api.Claims{
		Issuer: "coalition-ledger", Audience: api.Audience{"coalition-ledger"}, Subject: "prometheus", Role: api.RoleOperator,
		IssuedAt: time.Now().Unix(), ExpiresAt: time.Now().Add(time.Minute).Unix(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return "\n" + string(get[[]byte](t, call(t, f.url, token), "/metrics"))
}

// The unit is right to systemd and leaves the process little to do harm with.
func TestSystemdUnit(t *testing.T) {
	unit := readFile(t, "../deploy/systemd/ledgerd.service")
	for _, line := range []string{"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "User=ledgerd", "StateDirectory=ledgerd", "Restart=always"} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // the lines above are what can be checked here
	}
	const installed = "/usr/local/bin/ledgerd"
	path := writeFile(t, 0o644, strings.ReplaceAll(unit, installed, command("ledgerd"))+"\n", t.TempDir(), "ledgerd.service")
	for _, args := range [][]string{{"verify", "--man=no", path}, {"security", "--offline=true", "--threshold=20", path}} {
		if out, err := exec.Command(analyze, args...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", args[0], err, out)
		}
	}
}

// The script runs with a stand-in for the vendor's tool, which makes folders
// and files of the same names.
func TestCertificatesAreReadByTheirNodeAlone(t *testing.T) {
	root, bin := t.TempDir(), t.TempDir()
	writeFile(t, 0o755, "#!/bin/sh\nset -e\nout=$3; mkdir -p $out\ncase $1 in create-ca) n=ca;; *) n=node; [ -f $5 ] && [ -f $7 ];; esac\nfor e in crt key; do [ ! -f $out/$n.$e ]; echo $n > $out/$n.$e; done\n", bin, "es-gencert-cli")
	for _, dir := range []string{"authority", "trust", "node1", "node2", "node3"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second run finds everything made
		c := exec.Command("sh", "../deploy/cluster/certificates.sh", root)
		c.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), fmt.Sprintf("NODE_USER=%d", os.Getuid()))
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for name, want := range map[string]os.FileMode{
		"authority/ca.key": 0o600, "trust/ca.crt": 0o644, "node1": 0o750, "node1/node.key": 0o640, "node2/ca/ca.crt": 0o640, "node3/node.crt": 0o640,
	} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, want %v (%v)", name, info.Mode().Perm(), want, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(root, "[nt]*", "ca.key")); err != nil || len(left) > 0 {
		t.Errorf("the authority's key lies at %v", left)
	}
}
