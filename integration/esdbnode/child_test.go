package esdbnode_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

// Some things must happen in a process of their own: the test binary runs
// itself again, with the name of one of these.
var children = map[string]func() int{"serve": serve, "subscribe": subscribeToOne}

const (
	childEnv = "ESDBNODE_CHILD"
	argEnv   = "ESDBNODE_CHILD_ARG"
)

func child(t *testing.T, name, arg string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childEnv+"="+name, argEnv+"="+arg)
	return cmd
}

// serve runs a node on the folder until it is killed.
func serve() int {
	node, err := esdbnode.Start(esdbnode.Options{Dir: os.Getenv(argEnv)})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(node.ConnectionString())
	time.Sleep(time.Minute) // the parent ends it before
	return 0
}

// subscribeToOne prints what a subscription to the stream s says first.
func subscribeToOne() int {
	config, err := esdb.ParseConnectionString(os.Getenv(argEnv))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	s, err := client.SubscribeToStream(context.Background(), "s", esdb.SubscribeToStreamOptions{From: esdb.Start{}})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("event:", s.Recv().EventAppeared != nil)
	return 0
}

func TestAnEventWithoutADateEndsTheProcessOfTheClient(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	out, err := child(t, "subscribe", node.ConnectionString()).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("event: true")) {
		t.Fatalf("healthy: %v\n%s", err, out)
	}
	node.Faults().Undated(1)
	out, err = child(t, "subscribe", node.ConnectionString()).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("Failed to parse created date")) {
		t.Errorf("undated: %v\n%s", err, out)
	}
}

func TestWhatWasAcknowledgedSurvivesKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[int]uint64{} // revision of the last event, by stream
	for round := range 3 {
		process, connection := startChild(t, dir)
		client := connect(t, connection)
		for stream, last := range acknowledged {
			checkDurable(t, client, stream, last)
		}
		type ack struct {
			stream int
			last   uint64
		}
		acks := make(chan ack, 10_000)
		const writers = 4
		for w := range writers {
			go func() {
				stream := round*writers + w
				for n := 0; ; n += 3 {
					result, err := client.AppendToStream(context.Background(), fmt.Sprint("s", stream),
						esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events(n, n+3)...)
					if err != nil {
						acks <- ack{stream: -1}
						return
					}
					acks <- ack{stream, result.NextExpectedVersion}
				}
			}()
		}
		for ended, n := 0, 0; ended < writers; n++ {
			if n == 100 {
				_ = process.Process.Kill()
			}
			a := <-acks
			if a.stream < 0 {
				ended++
				continue
			}
			acknowledged[a.stream] = a.last
		}
		_ = process.Wait() // it was killed
	}
	_, connection := startChild(t, dir)
	client := connect(t, connection)
	for stream, last := range acknowledged {
		checkDurable(t, client, stream, last)
	}
	if len(acknowledged) != 12 {
		t.Errorf("%d streams were written", len(acknowledged))
	}
}

// checkDurable reads what a writer wrote: no gap, no half append, and at least
// what was acknowledged.
func checkDurable(t *testing.T, client *esdb.Client, stream int, last uint64) {
	t.Helper()
	list, err := read(t, client, fmt.Sprint("s", stream), esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if err != nil {
		t.Fatalf("stream %d: %v", stream, err)
	}
	if uint64(len(list)) <= last || len(list)%3 != 0 {
		t.Fatalf("stream %d has %d events, %d were acknowledged", stream, len(list), last+1)
	}
	for i, e := range list {
		if e.EventNumber != uint64(i) || e.EventID != id(i) {
			t.Fatalf("stream %d: event %d is %+v", stream, i, e)
		}
	}
}

func startChild(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	cmd := child(t, "serve", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "esdb://") {
		t.Fatalf("child says %q, %v", line, err)
	}
	return cmd, strings.TrimSpace(line)
}
